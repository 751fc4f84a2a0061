using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>A key pair as clients see it: never its private half.</summary>
[WireName("sshkeypair")]
public sealed record SshKeyPairWire
{
    [Description("The key pair's id")]
    public required Guid Id { get; init; }

    [Description("The key pair's name")]
    public required string Name { get; init; }

    [Description("MD5 of the public half, in pairs")]
    public required string Fingerprint { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }
}

internal sealed class SshKeyPairWireReader(CloudDb db) : IReadWire<SshKeyPairWire>
{
    public async Task<IReadOnlyList<SshKeyPairWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<SshKeyPair>(id)).ToList();
        var rows = await (
            from pair in db.Set<SshKeyPair>().AsNoTracking()
            where keys.Contains(pair.Id)
            join account in db.Set<Account>().IgnoreQueryFilters() on pair.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on pair.DomainId equals domain.Id
            select new { Pair = pair, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Pair.Id.Value).Select(r => new SshKeyPairWire
        {
            Id = r.Pair.Id.Value,
            Name = r.Pair.Name,
            Fingerprint = r.Pair.Fingerprint,
            Account = r.Account,
            DomainId = r.Pair.DomainId.Value,
            Domain = r.Domain,
        })];
    }
}
