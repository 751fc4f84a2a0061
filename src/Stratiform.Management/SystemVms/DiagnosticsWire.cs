using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.SystemVms;

/// <summary>What a probe from inside a system VM showed; it stands in the job.</summary>
[WireName("diagnostics")]
public sealed record DiagnosticsWire
{
    [Description("The system VM")]
    public required Guid TargetId { get; init; }

    [Description("What the probe printed")]
    public string? StdOut { get; init; }

    [Description("What it complained about")]
    public string? StdErr { get; init; }

    [Description("How it ended; 0 when it reached the address")]
    public string? ExitCode { get; init; }
}

internal sealed class DiagnosticsWireReader : IReadWire<DiagnosticsWire>
{
    public Task<IReadOnlyList<DiagnosticsWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<DiagnosticsWire>>([.. ids.Select(id => new DiagnosticsWire { TargetId = id })]);
}
