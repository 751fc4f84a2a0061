using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Jobs;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A remote access VPN as those see it for whom it exists, with the key that its clients need.</summary>
[WireName("remoteaccessvpn")]
public sealed record RemoteAccessVpnWire
{
    [Description("The VPN's id")]
    public required Guid Id { get; init; }

    [Description("The public address that clients dial")]
    public required Guid PublicIpId { get; init; }

    [Description("That address, written out")]
    public required string PublicIp { get; init; }

    [Description("The addresses that clients are given")]
    public required string IpRange { get; init; }

    [Description("The key by which clients know the router")]
    public required string PresharedKey { get; init; }

    [Description("Added until the router lets users in, Running, Removed while it is deleted")]
    public required RemoteAccessState State { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("The job that is under way for it")]
    public Guid? JobId { get; init; }

    [Description("0 while that job is under way")]
    public int? JobStatus { get; init; }
}

internal sealed class RemoteAccessVpnWireReader(CloudDb db, Secrets secrets) : IReadWire<RemoteAccessVpnWire>
{
    public async Task<IReadOnlyList<RemoteAccessVpnWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<RemoteAccessVpn>(id)).ToList();
        var rows = await (
            from vpn in db.Set<RemoteAccessVpn>().AsNoTracking()
            where keys.Contains(vpn.Id)
            join address in db.Set<PublicIpAddress>() on vpn.AddressId equals address.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on vpn.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on vpn.DomainId equals domain.Id
            select new { Vpn = vpn, address.Address, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        var jobs = await db.JobsOnAsync(ids, ct);
        return [.. rows.InOrderOf(ids, r => r.Vpn.Id.Value).Select(r => new RemoteAccessVpnWire
        {
            Id = r.Vpn.Id.Value,
            PublicIpId = r.Vpn.AddressId.Value,
            PublicIp = r.Address.ToString(),
            IpRange = r.Vpn.Range.ToString(),
            PresharedKey = secrets.UnwrapText(r.Vpn.WrappedKey),
            State = r.Vpn.State,
            Account = r.Account,
            DomainId = r.Vpn.DomainId.Value,
            Domain = r.Domain,
            JobId = jobs.On(r.Vpn.Id.Value),
            JobStatus = jobs.StatusOn(r.Vpn.Id.Value),
        })];
    }
}
