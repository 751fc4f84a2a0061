using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Commands;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>A guest operating system as clients see it.</summary>
[WireName("ostype")]
public sealed record OsTypeWire
{
    [Description("Its id")]
    public required Guid Id { get; init; }

    [Description("Its name")]
    public required string Description { get; init; }

    [Description("Its name")]
    public required string Name { get; init; }

    [Description("Its category's id")]
    public required Guid OsCategoryId { get; init; }

    [Description("Name of its category")]
    public required string OsCategoryName { get; init; }

    [Description("Whether an operator added it")]
    public bool IsUserDefined { get; init; }

    [Description("Whether it is offered")]
    public bool ForDisplay { get; init; } = true;
}

internal sealed class OsTypeWireReader(CloudDb db) : IReadWire<OsTypeWire>
{
    public async Task<IReadOnlyList<OsTypeWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<OsType>(id)).ToList();
        var rows = await db.Set<OsType>().AsNoTracking().Where(o => keys.Contains(o.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, o => o.Id.Value).Select(o => new OsTypeWire
        {
            Id = o.Id.Value,
            Description = o.Description,
            Name = o.Description,
            OsCategoryId = OsCategoryWire.Of(o.Category).Id,
            OsCategoryName = o.Category,
        })];
    }
}
