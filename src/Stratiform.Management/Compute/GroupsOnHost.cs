using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>
/// Reads what security groups mean for a host: rules of the groups whose members are there, and the addresses of the groups that these
/// rules name. All of it is said once for each network, since networks may have the same addresses.
/// </summary>
public sealed class GroupsOnHost(CloudDb db)
{
    /// <summary>All that the host has to know.</summary>
    public async Task<EnsureGroups> ReadAsync(Id<Host> host, CancellationToken ct)
    {
        var cards = await CardsAsync(host, ct);
        var networkIds = cards.Select(c => c.Network.Id).Distinct().ToList();
        var vms = cards.Select(c => c.Vm).Distinct().ToList();
        var members = (await db.Set<GroupMember>().AsNoTracking().Where(m => vms.Contains(m.VmId)).OrderBy(m => m.GroupId).ToListAsync(ct))
            .ToLookup(m => m.VmId, m => m.GroupId);
        var groupIds = members.SelectMany(m => m).Distinct().Order().ToList();
        var rules = (await db.Set<SecurityRule>().AsNoTracking().Where(r => groupIds.Contains(r.GroupId)).OrderBy(r => r.Id).ToListAsync(ct)).ToLookup(r => r.GroupId);
        var peers = rules.SelectMany(r => r).Select(r => r.PeerId).OfType<Id<SecurityGroup>>().Distinct().Order().ToList();
        var addresses = (await AddressesAsync(networkIds, peers, ct)).ToLookup(a => (a.Network, a.Group), a => a.Ip);
        var services = await db.Set<RouterCard>().AsNoTracking().Where(c => networkIds.Contains(c.NetworkId) && c.Ip != null)
            .ToDictionaryAsync(c => c.NetworkId, c => c.Ip!.Value.ToString(), ct);
        var used = cards.SelectMany(c => members[c.Vm].Select(g => (Network: c.Network.Id, Group: g))).Distinct().ToList();
        return new()
        {
            HostId = host.Value,
            Networks = Zoned([.. cards.Select(c => c.Network).DistinctBy(n => n.Id)]),
            Sets = [.. networkIds.SelectMany(n => peers.Select(g => new MemberSet(IdOf(n, g), [.. addresses[(n, g)].Distinct().Order().Select(ip => ip.ToString())])))],
            Groups = [.. used.Select(u => new GroupRules(
                IdOf(u.Network, u.Group), Told(u.Network, rules[u.Group], AclTraffic.Ingress), Told(u.Network, rules[u.Group], AclTraffic.Egress)))],
            Cards = [.. cards.Select(c => new GroupedCard(
                c.Nic.Value, [.. members[c.Vm].Select(g => IdOf(c.Network.Id, g))], services.GetValueOrDefault(c.Network.Id)))],
        };
    }

    /// <summary>Networks in which cards are in groups.</summary>
    public static IQueryable<Network> Grouped(DbContext db) =>
        db.Set<Network>().Where(n => db.Set<NetworkOffering>().IgnoreQueryFilters().Any(o => o.Id == n.OfferingId && o.Services.Contains(NetworkServices.SecurityGroup)));

    private sealed record Card(Id<Nic> Nic, Id<VirtualMachine> Vm, Network Network);

    private async Task<List<Card>> CardsAsync(Id<Host> host, CancellationToken ct) => await (
        from vm in db.Set<VirtualMachine>().AsNoTracking()
        where vm.HostId == host
        join nic in db.Set<Nic>() on (Guid)(object)vm.Id equals nic.GuestId
        join network in Grouped(db) on nic.NetworkId equals network.Id
        orderby network.Id, nic.Id
        select new Card(nic.Id, vm.Id, network)).ToListAsync(ct);

    // Also of those that are off: nobody else has their addresses.
    private async Task<List<(Id<Network> Network, Id<SecurityGroup> Group, Ipv4Address Ip)>> AddressesAsync(
        List<Id<Network>> networks, List<Id<SecurityGroup>> groups, CancellationToken ct)
    {
        var held = db.Set<Nic>().Where(n => networks.Contains(n.NetworkId) && n.Ip != null).Select(n => new { n.NetworkId, n.GuestId, Ip = n.Ip!.Value })
            .Concat(db.Set<NicAddress>().Where(a => networks.Contains(a.NetworkId))
                .Join(db.Set<Nic>(), a => a.NicId, n => n.Id, (a, n) => new { a.NetworkId, n.GuestId, a.Ip }));
        var found = await (
            from address in held
            join member in db.Set<GroupMember>() on address.GuestId equals (Guid)(object)member.VmId
            where groups.Contains(member.GroupId)
            select new { address.NetworkId, member.GroupId, address.Ip }).ToListAsync(ct);
        return [.. found.Select(f => (f.NetworkId, f.GroupId, f.Ip))];
    }

    private static List<GroupRule> Told(Id<Network> network, IEnumerable<SecurityRule> rules, AclTraffic traffic) =>
    [
        .. rules.Where(r => r.Traffic == traffic).Select(r => new GroupRule
        {
            Protocol = r.Protocol,
            StartPort = r.StartPort,
            EndPort = r.EndPort,
            IcmpType = r.IcmpType is -1 ? null : r.IcmpType,
            IcmpCode = r.IcmpCode is -1 ? null : r.IcmpCode,
            Cidr = r.Cidr?.ToString(),
            Members = r.PeerId is { } peer ? IdOf(network, peer) : null,
        }),
    ];

    // The same number each time, so that connections outlive changes; the next one where two networks would have the same.
    private static List<GroupedNetwork> Zoned(List<Network> networks)
    {
        var taken = new HashSet<int>();
        var zoned = new List<GroupedNetwork>();
        foreach (var network in networks.OrderBy(n => n.Id))
        {
            var zone = BinaryPrimitives.ReadUInt16BigEndian(SHA256.HashData(network.Id.Value.ToByteArray())) % 65_535 + 1;
            while (!taken.Add(zone)) zone = zone % 65_535 + 1;
            zoned.Add(new(network.Id.Value, zone, network.IsUntagged));
        }
        return zoned;
    }

    private static Guid IdOf(Id<Network> network, Id<SecurityGroup> group) => Id.Derive(group.Value, network.ToString());
}
