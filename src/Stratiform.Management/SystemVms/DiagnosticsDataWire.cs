using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.SystemVms;

/// <summary>What was collected inside a system VM; it stands in the job.</summary>
[WireName("diagnostics")]
public sealed record DiagnosticsDataWire
{
    [Description("The system VM")]
    public required Guid TargetId { get; init; }

    [Description("The link: whoever has it may download until it expires")]
    public string? Url { get; init; }
}

internal sealed class DiagnosticsDataWireReader : IReadWire<DiagnosticsDataWire>
{
    public Task<IReadOnlyList<DiagnosticsDataWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<DiagnosticsDataWire>>([.. ids.Select(id => new DiagnosticsDataWire { TargetId = id })]);
}
