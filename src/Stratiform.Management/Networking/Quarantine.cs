using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Keeps public addresses that are given back from others for a while, as long as the setting says.</summary>
public sealed class Quarantine(CloudDb db, LiveSettings settings, TimeProvider clock)
{
    /// <summary>Begins it for addresses that are about to leave their network or VPC, in the step's commit.</summary>
    public async Task BeginAsync(IQueryable<PublicIpAddress> leaving, CancellationToken ct)
    {
        if (settings.Get(NetworkSettings.QuarantineDuration) is var minutes && minutes == 0) return;
        var held = await (
            from address in leaving
            join scope in db.Set<RouterScope>() on address.ScopeId equals scope.Id
            select new { address.Id, scope.AccountId, scope.DomainId }).ToListAsync(ct);
        var now = clock.GetUtcNow();
        foreach (var one in held) db.Add(new IpQuarantine(one.Id, one.AccountId, one.DomainId, now.AddMinutes(minutes), now));
    }

    /// <summary>What an account may not have now, since others gave it back a while ago.</summary>
    /// <param name="db">The state.</param>
    /// <param name="account">Who would have it.</param>
    /// <param name="now">The time.</param>
    public static IQueryable<IpQuarantine> Against(DbContext db, Id<Account> account, DateTimeOffset now) =>
        db.Set<IpQuarantine>().Where(q => q.RemovedAt == null && q.EndsAt > now && q.AccountId != account);

    /// <summary>Ends it for an address that its owner has again.</summary>
    public static Task EndAsync(DbContext commit, IQueryable<PublicIpAddress> taken, DateTimeOffset now, CancellationToken ct) =>
        commit.Set<IpQuarantine>().Where(q => q.RemovedAt == null && q.EndsAt > now && taken.Any(a => a.Id == q.AddressId)).ExecuteUpdateAsync(
            set => set.SetProperty(q => q.RemovedAt, now).SetProperty(q => q.RemovalReason, "its owner took the address again"), ct);

    /// <summary>The quarantine of parameters, which holds now.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist for the caller, or neither is said (431).</exception>
    internal async Task<IpQuarantine> FindAsync(Caller caller, Id<IpQuarantine>? id, string? ipAddress, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var lasting = db.Visible<IpQuarantine>(caller).Where(q => q.RemovedAt == null && q.EndsAt > now);
        if (id is { } which) return await lasting.SingleOrDefaultAsync(q => q.Id == which, ct) ?? throw Visibility.Unknown(caller, nameof(id), which);
        if (ipAddress is null) throw Refusal.Parameter("Say which: give id or ipaddress (listQuarantinedIps).");
        var ip = Ipv4Address.Of(WireIp.Require(ipAddress, "ipaddress"));
        return await lasting.Where(q => db.Set<PublicIpAddress>().Any(a => a.Id == q.AddressId && a.Address == ip)).OrderBy(q => q.Id).FirstOrDefaultAsync(ct)
            ?? throw Refusal.Parameter($"The address {ip} is not in quarantine; see listQuarantinedIps.");
    }
}
