using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Jobs;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A VPN user as clients see it. Its password is told to nobody.</summary>
[WireName("vpnuser")]
public sealed record VpnUserWire
{
    [Description("The user's id")]
    public required Guid Id { get; init; }

    [Description("The user's name")]
    public required string UserName { get; init; }

    [Description("Add until all routers let it in, Active, Revoke while it is removed")]
    public required RuleState State { get; init; }

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

internal sealed class VpnUserWireReader(CloudDb db) : IReadWire<VpnUserWire>
{
    public async Task<IReadOnlyList<VpnUserWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<VpnUser>(id)).ToList();
        var rows = await (
            from user in db.Set<VpnUser>().AsNoTracking()
            where keys.Contains(user.Id)
            join account in db.Set<Account>().IgnoreQueryFilters() on user.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on user.DomainId equals domain.Id
            select new { user.Id, user.Name, user.State, user.DomainId, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        var jobs = await db.JobsOnAsync(ids, ct);
        return [.. rows.InOrderOf(ids, r => r.Id.Value).Select(r => new VpnUserWire
        {
            Id = r.Id.Value,
            UserName = r.Name,
            State = r.State,
            Account = r.Account,
            DomainId = r.DomainId.Value,
            Domain = r.Domain,
            JobId = jobs.On(r.Id.Value),
            JobStatus = jobs.StatusOn(r.Id.Value),
        })];
    }
}
