using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Finds free addresses and numbers. The unique indexes are the arbiters: who loses a race takes the step again.</summary>
public sealed class Addresses(CloudDb db, Random random, TimeProvider clock)
{
    /// <summary>The last address of each guest network stays free: the operator's way in (<c>strat ssh</c>) uses it.</summary>
    public static IPAddress OperatorsOf(IPNetwork cidr) => Ipv4.AddressOf(Ipv4.HostsOf(cidr).Last);

    /// <summary>A free address for a guest, anywhere in the network: chance keeps simultaneous takers apart.</summary>
    /// <exception cref="CloudException">The network is full (533).</exception>
    public async Task<Ipv4Address> FreeGuestAddressAsync(Network network, CancellationToken ct, params IEnumerable<Ipv4Address> except)
    {
        var taken = await Taken(db, network.Id).ToListAsync(ct);
        var used = taken.Concat(except).Select(ip => ip.Number).ToHashSet();
        used.Add(Ipv4.NumberOf(network.Subnet.Gateway));
        var given = await GivenAddresses.OfAsync(db, network, ct);
        foreach (var (first, last) in given)
        {
            if (FreeOf(first, last, used) is { } free) return free;
        }
        throw Refusal.Capacity(string.Create(CultureInfo.InvariantCulture,
            $"All {given.Sum(r => (long)r.Last - r.First + 1)} addresses that the network {network.Name} ({network.Subnet.Cidr}) has for guests are taken; remove virtual machines or use another network."));
    }

    /// <summary>The address that somebody wishes for a guest, or any.</summary>
    /// <exception cref="CloudException">Somebody has it (431), or the network is full (533).</exception>
    public async Task<Ipv4Address> ChooseAsync(Network network, Ipv4Address? wish, CancellationToken ct)
    {
        if (wish is not { } wanted) return await FreeGuestAddressAsync(network, ct);
        return await Taken(db, network.Id).AnyAsync(ip => ip == wanted, ct) ? throw IsTaken(network, wanted) : wanted;
    }

    /// <summary>The refusal of an address that somebody has.</summary>
    public static CloudException IsTaken(Network network, Ipv4Address ip) => Refusal.Parameter($"The address {ip} of {network.Name} is taken.");

    /// <summary>Addresses that guests of a network have, its router where the way out is another's, if only as soon as it comes, load balancers within it, and routers of VPCs beside it; each once.</summary>
    public static IQueryable<Ipv4Address> Taken(DbContext db, Id<Network> network) =>
        db.Set<Nic>().Where(n => n.NetworkId == network && n.Ip != null).Select(n => n.Ip!.Value)
            .Concat(db.Set<NicAddress>().Where(a => a.NetworkId == network).Select(a => a.Ip))
            .Concat(db.Set<RouterCard>().Where(c => c.NetworkId == network && c.Ip != null && !db.Set<Network>().Any(n => n.Id == network && n.RouterIp == c.Ip)).Select(c => c.Ip!.Value))
            .Concat(db.Set<Network>().Where(n => n.Id == network && n.RouterIp != null).Select(n => n.RouterIp!.Value))
            .Concat(db.Set<NetworkRule>().Where(r => r.InternalNetworkId == network).Select(r => r.InternalIp!.Value).Distinct())
            .Concat(db.Set<PrivateGateway>().Where(g => g.NetworkId == network).Select(g => g.Ip));

    /// <summary>
    /// In the commit that gives a guest an address: whether nobody else has it, and guests of the network may still have it. Others who take one of the network wait for
    /// that commit.
    /// </summary>
    public static async Task<bool> IsAloneAsync(DbContext commit, Id<Network> network, Ipv4Address ip, CancellationToken ct)
    {
        var id = network.Value;
        await commit.Database.ExecuteSqlAsync($"SELECT FROM network WHERE id = {id} FOR NO KEY UPDATE", ct);
        if (await Taken(commit, network).CountAsync(taken => taken == ip, ct) != 1) return false;
        return await GivenAddresses.HaveAsync(commit, network, ip, ct);
    }

    /// <summary>As the other one, in a step's commit: the step is taken again, with another address if it may have any.</summary>
    /// <exception cref="TransientException">Somebody has it.</exception>
    public static async Task ClaimAsync(DbContext commit, Id<Network> network, Ipv4Address ip, CancellationToken ct)
    {
        if (!await IsAloneAsync(commit, network, ip, ct)) throw new TransientException($"the address {ip} is taken");
    }

    /// <summary>A free VXLAN number of the network's wires.</summary>
    /// <exception cref="CloudException">All are taken (533).</exception>
    public async Task<int> FreeVniAsync(Network network, CancellationToken ct)
    {
        var wires = await db.Set<PhysicalNetwork>().SingleAsync(n => n.Id == network.PhysicalNetworkId, ct);
        var size = wires.LastVni - wires.FirstVni + 1;
        for (var attempt = 0; attempt < 16; attempt++)
        {
            var vni = wires.FirstVni + random.Next(size);
            if (!await db.Set<Network>().AnyAsync(n => n.PhysicalNetworkId == wires.Id && n.Vni == vni, ct)) return vni;
        }
        var taken = await db.Set<Network>().Where(n => n.PhysicalNetworkId == wires.Id && n.Vni != null).Select(n => n.Vni!.Value).ToListAsync(ct);
        var free = Enumerable.Range(wires.FirstVni, size).Except(taken).Cast<int?>().FirstOrDefault();
        return free ?? throw Refusal.Capacity($"All {size} virtual networks of {wires.Name} are taken; widen its range.");
    }

    /// <summary>Takes a public address as the source NAT of a network or VPC, unless it has one: one statement, in the step's commit.</summary>
    /// <exception cref="CloudException">None is free (533).</exception>
    public static async Task TakeSourceNatAsync(DbContext db, Id<Zone> zone, Id<RouterScope> scope, DateTimeOffset now, CancellationToken ct)
    {
        var (z, s) = (zone.Value, scope.Value);
        var taken = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE public_ip_address SET scope_id = {s}, is_source_nat = true, allocated_at = {now}
            WHERE id = COALESCE(
                (SELECT id FROM public_ip_address WHERE scope_id = {s} AND is_source_nat),
                (SELECT a.id FROM public_ip_address a
                 JOIN public_ip_range r ON r.id = a.range_id
                 JOIN router_scope s ON s.id = {s}
                 WHERE a.zone_id = {z} AND a.scope_id IS NULL AND a.system_vm_id IS NULL AND a.reserved_by_id IS NULL AND NOT r.for_system_vms
                 AND NOT EXISTS (SELECT FROM ip_quarantine q WHERE q.address_id = a.id AND q.removed_at IS NULL AND q.ends_at > {now} AND q.account_id <> s.account_id)
                 AND (r.kept_for_domain_id IS NULL OR r.kept_for_account_id = s.account_id OR r.kept_for_account_id IS NULL AND EXISTS
                  (SELECT FROM domain own JOIN domain kept ON starts_with(own.path, kept.path) WHERE own.id = s.domain_id AND kept.id = r.kept_for_domain_id))
                 ORDER BY r.kept_for_domain_id IS NULL, a.address LIMIT 1 FOR UPDATE OF a SKIP LOCKED))
            """,
            ct);
        if (taken == 0) throw NoPublicAddress();
        await Quarantine.EndAsync(db, db.Set<PublicIpAddress>().Where(a => a.ScopeId == scope && a.IsSourceNat), now, ct);
    }

    /// <summary>Takes a public address for a system VM, unless it has one: one statement, in the step's commit.</summary>
    /// <exception cref="CloudException">None is free (533).</exception>
    public static async Task TakeForSystemVmAsync(DbContext db, Id<Zone> zone, Guid systemVm, DateTimeOffset now, CancellationToken ct)
    {
        var z = zone.Value;
        var taken = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE public_ip_address SET system_vm_id = {systemVm}, allocated_at = {now}
            WHERE id = COALESCE(
                (SELECT id FROM public_ip_address WHERE system_vm_id = {systemVm}),
                (SELECT a.id FROM public_ip_address a
                 JOIN public_ip_range r ON r.id = a.range_id
                 WHERE a.zone_id = {z} AND a.scope_id IS NULL AND a.system_vm_id IS NULL AND a.reserved_by_id IS NULL AND r.kept_for_domain_id IS NULL AND r.vlan IS NULL
                 AND NOT EXISTS (SELECT FROM ip_quarantine q WHERE q.address_id = a.id AND q.removed_at IS NULL AND q.ends_at > {now})
                 ORDER BY r.for_system_vms DESC, a.address LIMIT 1 FOR UPDATE OF a SKIP LOCKED))
            """,
            ct);
        if (taken == 0) throw NoPublicAddress();
    }

    /// <summary>Gives back the system VM's public address.</summary>
    public static Task ReleaseOfSystemVmAsync(DbContext db, Guid systemVm, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"UPDATE public_ip_address SET system_vm_id = NULL, allocated_at = NULL WHERE system_vm_id = {systemVm}", ct);

    /// <summary>A free address of a range.</summary>
    /// <param name="first">The range's first.</param>
    /// <param name="last">The range's last.</param>
    /// <param name="used">Those that are taken.</param>
    /// <returns>Null when all are.</returns>
    public Ipv4Address? FreeOf(uint first, uint last, IReadOnlySet<uint> used)
    {
        var size = last - first + 1;
        var start = (uint)random.NextInt64(size);
        for (uint i = 0; i < size; i++)
        {
            var number = first + (start + i) % size;
            if (!used.Contains(number)) return new(number);
        }
        return null;
    }

    private static CloudException NoPublicAddress(bool isPortable = false) => Refusal.Capacity(isPortable
        ? "No portable address is free; an operator adds a range (createPortableIpRange)."
        : "The zone has no free public address; an operator adds a range (createVlanIpRange).");

    /// <summary>Gives back the address that guests were given to go out by; those that were acquired stay.</summary>
    public static Task ReleaseSourceNatAsync(DbContext db, Id<RouterScope> scope, CancellationToken ct)
    {
        var id = scope.Value;
        return db.Database.ExecuteSqlAsync(
            $"UPDATE public_ip_address SET scope_id = NULL, is_source_nat = false, allocated_at = NULL WHERE scope_id = {id} AND is_source_nat AND NOT is_acquired", ct);
    }

    /// <summary>Gives back the addresses that were acquired, with what they count.</summary>
    public static async Task ReleaseAcquiredAsync(DbContext db, Id<RouterScope> scope, CancellationToken ct)
    {
        foreach (var address in await db.Set<PublicIpAddress>().Where(a => a.ScopeId == scope && a.IsAcquired).Select(a => a.Id).ToListAsync(ct))
            await Limits.ReleaseAsync(db, address.Value, ct);
        var id = scope.Value;
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE public_ip_address SET scope_id = NULL, reserved_by_id = NULL, is_source_nat = false, is_acquired = false, is_releasing = false,
                static_nat_nic_id = NULL, static_nat_further_id = NULL, allocated_at = NULL
            WHERE scope_id = {id} AND is_acquired
            """, ct);
    }

    /// <summary>Any free public address of the zone that an account may have, to be taken, or any portable one where none is said; those that are kept for it come first.</summary>
    /// <exception cref="CloudException">None is free (533).</exception>
    public async Task<PublicIpAddress> FreePublicAsync(Id<Zone>? zone, Id<Account> account, CancellationToken ct)
    {
        var against = Quarantine.Against(db, account, clock.GetUtcNow());
        var free = db.Set<PublicIpAddress>().Where(a => a.ZoneId == zone && a.ScopeId == null && a.SystemVmId == null && a.ReservedById == null && !against.Any(q => q.AddressId == a.Id));
        var kept = free.Where(a => OpenTo(db, account).Any(r => r.Id == a.RangeId && r.KeptForDomainId != null));
        var others = free.Where(a => db.Set<PublicIpRange>().Any(r => r.Id == a.RangeId && r.KeptForDomainId == null && !r.ForSystemVms));
        return await AnyOfAsync(kept, ct) ?? await AnyOfAsync(others, ct) ?? throw NoPublicAddress(isPortable: zone is null);
    }

    /// <summary>This public address of the zone, to be taken; where none is said, this portable one.</summary>
    /// <exception cref="CloudException">There is none (431), or the account may not have it now (537).</exception>
    public async Task<PublicIpAddress> FreePublicAsync(Ipv4Address address, Id<Zone>? zone, Id<Account> account, CancellationToken ct)
    {
        var found = await db.Set<PublicIpAddress>().SingleOrDefaultAsync(a => a.ZoneId == zone && a.Address == address, ct)
            ?? throw Refusal.Parameter(
                zone is null ? $"There is no portable address {address}."
                : await db.Set<PublicIpAddress>().AnyAsync(a => a.ZoneId == null && a.Address == address, ct)
                    ? $"The address {address} is portable, and of no zone; acquire it with isportable=true (associateIpAddress)."
                : $"The zone has no public address {address}.");
        await RequireOpenAsync(found, account, ct);
        return found is { ScopeId: null, SystemVmId: null } && (found.ReservedById is null || found.ReservedById == account) ? found : throw Refusal.Conflict($"The public address {address} is taken; leave it out to get any free one.");
    }

    /// <summary>Refuses an address that is not for the account.</summary>
    /// <exception cref="CloudException">It is kept for others, or was another account's until a moment ago (537).</exception>
    public async Task RequireOpenAsync(PublicIpAddress found, Id<Account> account, CancellationToken ct)
    {
        var address = found.Address;
        if (!await OpenTo(db, account).AnyAsync(r => r.Id == found.RangeId, ct))
            throw Refusal.Conflict($"The public address {address} is kept for others; leave it out to get any free one.");
        if (await Quarantine.Against(db, account, clock.GetUtcNow()).Where(q => q.AddressId == found.Id).Select(q => (DateTimeOffset?)q.EndsAt).FirstOrDefaultAsync(ct) is { } end)
            throw Refusal.Conflict(string.Create(CultureInfo.InvariantCulture, $"The public address {address} was another account's, and is kept from others until {end:u}; leave it out to get any free one."));
    }

    /// <summary>Takes the public address of a parameter as the one that guests of something new go out by, with the command's commit.</summary>
    /// <exception cref="CloudException">There is none (431), the account may not have it now (537), or has as many as it may (535).</exception>
    internal async Task TakeChosenAsync(GoesOut by, Id<Zone> zone, string text, Limits limits, CommandCommit commit, CancellationToken ct)
    {
        var address = await FreePublicAsync(Ipv4Address.Of(WireIp.Require(text, "sourcenatipaddress")), zone, by.AccountId, ct);
        address.Take(by.ScopeId, clock.GetUtcNow(), isSourceNat: true);
        commit.Add((into, token) => Quarantine.EndAsync(into, into.Set<PublicIpAddress>().Where(a => a.Id == address.Id), clock.GetUtcNow(), token));
        commit.Add((into, token) => limits.TakeAsync(into, by.AccountId, address.Id.Value, ResourceKind.PublicIp, 1, token));
    }

    /// <summary>The ranges that an account may have addresses of.</summary>
    public static IQueryable<PublicIpRange> OpenTo(CloudDb db, Id<Account> account) => db.Set<PublicIpRange>().Where(r => !r.ForSystemVms && (
        r.KeptForDomainId == null || r.KeptForAccountId == account || r.KeptForAccountId == null
        && db.Set<Account>().Any(a => a.Id == account && db.Set<Domain>().Any(own => own.Id == a.DomainId
            && db.Set<Domain>().Any(kept => kept.Id == r.KeptForDomainId && own.Path.StartsWith(kept.Path))))));

    /// <summary>Free addresses, portable ones too, of the ranges that an account may have addresses of.</summary>
    public static IQueryable<PublicIpAddress> FreeFor(CloudDb db, Id<Account> account) => db.Set<PublicIpAddress>()
        .Where(a => a.ScopeId == null && a.SystemVmId == null && a.ReservedById == null && OpenTo(db, account).Any(r => r.Id == a.RangeId));

    // Chance keeps simultaneous takers apart.
    private async Task<PublicIpAddress?> AnyOfAsync(IQueryable<PublicIpAddress> free, CancellationToken ct)
    {
        var count = await free.CountAsync(ct);
        return count == 0 ? null : await free.OrderBy(a => a.Address).Skip(random.Next(count)).FirstOrDefaultAsync(ct);
    }
}
