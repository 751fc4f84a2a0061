using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>A domain on the wire.</summary>
[WireName("domain")]
internal sealed record DomainWire
{
    [Description("The domain")]
    public required Id<Domain> Id { get; init; }

    [Description("Its name among its siblings")]
    public required string Name { get; init; }

    [Description("How deep it lies; ROOT is 0")]
    public required int Level { get; init; }

    [Description("The domain it lies in")]
    public Id<Domain>? ParentDomainId { get; init; }

    [Description("That domain's name")]
    public string? ParentDomainName { get; init; }

    [Description("Whether domains lie in it")]
    public required bool HasChild { get; init; }

    [Description("ROOT and the names down to it, separated by slashes")]
    public required string Path { get; init; }

    [Description("Active")]
    public string State { get; init; } = "Active";

    [Description("When it was made")]
    public required DateTimeOffset Created { get; init; }

    /// <summary><c>ROOT/a/b</c> from the materialised <c>/a/b/</c>.</summary>
    public static string ShownPath(string path) => "ROOT" + path.TrimEnd('/');
}

internal sealed class DomainWireReader(CloudDb db) : IReadWire<DomainWire>
{
    public async Task<IReadOnlyList<DomainWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        Id<Domain>[] wanted = [.. ids.Select(id => new Id<Domain>(id))];
        var rows = await db.Set<Domain>().AsNoTracking().Where(domain => wanted.Contains(domain.Id))
            .Select(domain => new
            {
                Domain = domain,
                Parent = db.Set<Domain>().Where(p => p.Id == domain.ParentId).Select(p => p.Name).FirstOrDefault(),
                HasChild = db.Set<Domain>().Any(child => child.ParentId == domain.Id),
            })
            .ToDictionaryAsync(row => row.Domain.Id, ct);
        return [.. wanted.Where(rows.ContainsKey).Select(id => Shape(rows[id].Domain, rows[id].Parent, rows[id].HasChild))];
    }

    private static DomainWire Shape(Domain domain, string? parent, bool hasChild) => new()
    {
        Id = domain.Id,
        Name = domain.Name,
        Level = domain.Path.Count(c => c == '/') - 1,
        ParentDomainId = domain.ParentId,
        ParentDomainName = parent,
        HasChild = hasChild,
        Path = DomainWire.ShownPath(domain.Path),
        Created = domain.CreatedAt,
    };
}
