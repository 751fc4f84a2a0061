using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>A tag as clients see it on its own.</summary>
[WireName("tag")]
internal sealed record ResourceTagWire
{
    [Description("The tag's name")]
    public required string Key { get; init; }

    [Description("The tag's value")]
    public required string Value { get; init; }

    [Description("The kind of thing it is attached to: UserVm, Volume, Network or Template")]
    public required string ResourceType { get; init; }

    [Description("The thing it is attached to")]
    public required Guid ResourceId { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }
}

internal sealed class ResourceTagWireReader(CloudDb db) : IReadWire<ResourceTagWire>
{
    public async Task<IReadOnlyList<ResourceTagWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Tag>(id)).ToList();
        var rows = await (
            from tag in db.Set<Tag>().AsNoTracking()
            where keys.Contains(tag.Id)
            join account in db.Set<Account>().IgnoreQueryFilters() on tag.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on tag.DomainId equals domain.Id
            select new { Tag = tag, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Tag.Id.Value).Select(r => new ResourceTagWire
        {
            Key = r.Tag.Key,
            Value = r.Tag.Value,
            ResourceType = Taggable.WireOf(r.Tag.Kind),
            ResourceId = r.Tag.ResourceId,
            Account = r.Account,
            DomainId = r.Tag.DomainId.Value,
            Domain = r.Domain,
        })];
    }
}
