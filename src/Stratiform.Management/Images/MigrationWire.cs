using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Images;

/// <summary>How the moving of a store's images went; what it tells stands in the job.</summary>
[WireName("imagestore")]
public sealed record MigrationWire
{
    [Description("The store that images left")]
    public required Guid Id { get; init; }

    [Description("How many images moved, how many did not, which and why")]
    public string? Message { get; init; }

    [Description("Complete or Balance")]
    public string? MigrationType { get; init; }

    [Description("Whether all moved that should")]
    public bool? Success { get; init; }
}

internal sealed class MigrationWireReader : IReadWire<MigrationWire>
{
    public Task<IReadOnlyList<MigrationWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<MigrationWire>>([.. ids.Select(id => new MigrationWire { Id = id })]);
}
