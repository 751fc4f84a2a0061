using Stratiform.Management.Accounts;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Workflows.Tests.Cloud;

/// <summary>
/// What must hold whenever no workflow runs: everything on hosts belongs to something in the database and the other way round,
/// counters are the sums of what they count, and nothing is on its way from one state to another.
/// </summary>
/// <remarks>
/// Four states may last, since a reconciler goes on with them: a virtual machine or a volume that is Expunging, a network in Shutdown
/// and a worker or a router that is Stopping.
/// They may own less than they say, never more.
/// </remarks>
internal static class Agreement
{
    public static IEnumerable<string> Check(Books books, HostSights sights) =>
        [.. Domains(books, sights), .. Reservations(books), .. Limits(books), .. Networks(books, sights), .. Disks(books, sights), .. Stores(books, sights), .. AtRest(books)];

    private static IEnumerable<string> Domains(Books books, HostSights sights)
    {
        var wanted = books.Vms.Where(v => v.State == VmState.Running).Select(v => (Host: v.HostId, Id: v.Id.Value))
            .Concat(books.Routers.Where(r => r.State == VmState.Running).Select(r => (Host: r.HostId, Id: r.ServingId)))
            .Concat(books.Workers.Where(v => v.State == VmState.Running).Select(v => (Host: v.HostId, Id: v.Id.Value))).ToList();
        foreach (var (host, id) in wanted.Where(w => !IsGoing(books, w.Id)))
        {
            // A guest that went off after it was asked to is there still: PowerStateSync follows it.
            if (!sights.Domains.Any(d => d.Domain == id && d.Host == host && d.Power is (PowerState.Running or PowerState.ShutOff)))
                yield return $"{id} should run on {host}";
        }
        var known = wanted.Concat(books.Twins.Select(t => (Host: (Id<Host>?)t.HostId, Id: t.DomainId))).ToList();
        foreach (var domain in sights.Domains.Where(d => !known.Any(w => w.Id == d.Domain && w.Host == d.Host) && !IsGoingOff(books, d.Domain)))
            yield return $"domain {domain.Domain} on {domain.Host} belongs to nothing that runs there";
        foreach (var vm in books.Vms.Where(v => sights.Domains.Any(d => d.Domain == v.Id.Value && d.Power == PowerState.Running)))
        {
            if (vm.IsoId is null != sights.Discs.All(d => d.Domain != vm.Id.Value)) yield return $"the drive of {vm.Id} is not as it should be";
            var cards = books.Nics.Where(n => n.GuestId == vm.Id.Value).Select(n => (n.Id.Value, n.Mac, AddressesOf(books, n))).Order();
            var seen = sights.Cards.Where(c => c.Domain == vm.Id.Value)
                .Select(c => (c.Card.Id, c.Card.Mac, string.Join(' ', c.Card.Guard?.Addresses ?? []))).Order();
            if (!cards.SequenceEqual(seen)) yield return $"the cards of {vm.Id} are not as they should be";
        }
        foreach (var router in books.Routers.Where(r => r.State == VmState.Running && !IsGoing(books, r.Id.Value)))
        {
            var serving = router.ServingId;
            if (!sights.Configured.Any(c => c.Router == serving))
                yield return $"router {router.Id} has no configuration";
            var cards = sights.Cards.Where(c => c.Domain == serving).Select(c => c.Card).ToList();
            foreach (var card in books.Cards.Where(c => c.RouterId == router.Id && c.IsIn && cards.All(s => s.Id != c.InDomain(serving))))
                yield return $"router {router.Id} should have the card {card.Id}";
            var outside = RouterDomain.PublicNicIn(router, serving);
            foreach (var card in cards.Where(c => c.Id != outside && books.Cards.All(k => k.InDomain(serving) != c.Id)))
                yield return $"the card {card.Id} in router {router.Id} belongs to nothing";
            if (cards.Any(c => sights.Shut.Contains(c.Id))) yield return $"a door of router {router.Id} is shut";
            if (sights.Cards.Any(c => c.Domain != serving && !sights.Shut.Contains(c.Card.Id) && cards.Any(own => own.Mac == c.Card.Mac)))
                yield return $"a second domain is open beside router {router.Id}";
        }
    }

    private static string AddressesOf(Books books, Nic nic) =>
        string.Join(' ', books.Further.Where(a => a.NicId == nic.Id).Select(a => a.Ip.ToString()).Prepend(nic.Ip?.ToString()).OfType<string>());

    private static bool IsGoing(Books books, Guid router) => books.Routers.Any(
        r => (r.Id.Value == router || r.ServingId == router) && books.Networks.Any(n => n.ScopeId == r.ScopeId && n.State == NetworkState.Shutdown));

    private static bool IsGoingOff(Books books, Guid id) =>
        books.Workers.Any(v => v.Id.Value == id && v.State == VmState.Stopping) || books.Routers.Any(r => r.ServingId == id && r.State == VmState.Stopping);

    private static IEnumerable<string> Reservations(Books books)
    {
        var placed = books.Vms.Where(v => v.HostId is not null).Select(v => (Id: v.Id.Value, Host: v.HostId!.Value))
            .Concat(books.Routers.Where(r => r.HostId is not null).Select(r => (Id: r.ServingId, Host: r.HostId!.Value)))
            .Concat(books.Twins.Select(t => (Id: t.DomainId, Host: t.HostId)))
            .Concat(books.Workers.Where(v => v.HostId is not null).Select(v => (Id: v.Id.Value, Host: v.HostId!.Value))).ToList();
        foreach (var (id, host) in placed.Where(p => !books.Reservations.Any(r => r.OwnerId == p.Id && r.HostId == p.Host)))
            yield return $"{id} is on {host} without a reservation";
        foreach (var reservation in books.Reservations.Where(r => !placed.Contains((r.OwnerId, r.HostId))))
            yield return $"reservation of {reservation.OwnerId} for nothing on {reservation.HostId}";
        foreach (var capacity in books.Capacities)
        {
            var own = books.Reservations.Where(r => r.HostId == capacity.HostId).ToList();
            if (capacity.CpuPromisedMhz != own.Sum(r => r.CpuMhz) || capacity.MemoryPromisedMib != own.Sum(r => r.MemoryMib))
                yield return $"promises of {capacity.HostId} are not the sum of its reservations";
        }
        foreach (var pool in books.Pools.Where(p => p.PromisedBytes != books.PoolReservations.Where(r => r.PoolId == p.Id).Sum(r => r.SizeBytes)))
            yield return $"promises of {pool.Id} are not the sum of its shares";
        foreach (var share in books.PoolReservations.Where(s => !books.Volumes.Any(v => v.Id == s.VolumeId && v.PoolId == s.PoolId)))
            yield return $"share of {share.VolumeId} for no volume there";
        foreach (var volume in books.Volumes.Where(v => v.PoolId is not null && !books.PoolReservations.Any(s => s.VolumeId == v.Id)))
            yield return $"volume {volume.Id} has a place without a share";
    }

    private static IEnumerable<string> Limits(Books books)
    {
        foreach (var count in books.Counts.Where(c => c.Used != books.Shares.Where(s => s.Kind == c.Kind).Sum(s => s.Amount)))
            yield return $"the count of {count.Kind} is not the sum of what is counted";
        var there = books.Vms.Where(v => v.State != VmState.Destroyed).Select(v => v.Id.Value).Concat(books.Volumes.Select(v => v.Id.Value))
            .Concat(books.Networks.Select(n => n.Id.Value)).Concat(books.Vpcs.Select(v => v.Id.Value)).Concat(books.Addresses.Select(a => a.Id.Value)).ToHashSet();
        foreach (var share in books.Shares.Where(s => s.Kind != ResourceKind.Template && !there.Contains(s.OwnerId)))
            yield return $"{share.OwnerId} is counted as {share.Kind} and gone";
        foreach (var vm in books.Vms.Where(v => v.State is VmState.Running or VmState.Stopped && !books.Shares.Any(s => s.OwnerId == v.Id.Value)))
            yield return $"{vm.Id} is not counted";
        // One that a network was given is counted for it, others for themselves.
        foreach (var address in books.Addresses.Where(a => !books.Shares.Any(
            s => s.OwnerId == (a.IsAcquired || a.ReservedById is not null ? a.Id.Value : a.ScopeId!.Value.Value) && s.Kind == ResourceKind.PublicIp)))
            yield return $"the public address of {address.ScopeId} is not counted";
    }

    private static IEnumerable<string> Networks(Books books, HostSights sights)
    {
        foreach (var address in books.Further.Where(a => books.Nics.All(n => n.Id != a.NicId))) yield return $"{address.Ip} is of a card that is gone";
        foreach (var network in books.Networks)
        {
            var routers = books.Routers.Count(r => books.Cards.Any(c => c.RouterId == r.Id && c.NetworkId == network.Id && c.GatewayId is null));
            var places = books.Places.Count(p => p.NetworkId == network.Id);
            var addresses = books.Addresses.Count(a => a.ScopeId == network.ScopeId && a.IsSourceNat);
            var chosen = books.Addresses.Any(a => a.ScopeId == network.ScopeId && a is { IsSourceNat: true, IsAcquired: true });
            if (network is { State: NetworkState.Allocated, IsPrivate: false } && (network.Vni is not null || routers > 0 || places > 0 || network.VpcId is null && addresses > 0 && !chosen))
                yield return $"network {network.Id} is only allocated, yet has number, router, place or address";
            var routed = network.IsRouted ? 1 : 0;
            var wanted = books.Scopes.Any(s => s.Id == network.ScopeId && s.IsRedundant) ? 2 : routed;
            if (network.State == NetworkState.Implemented && (network.Vni is null || routers != wanted || addresses != routed))
                yield return $"network {network.Id} is implemented without number, routers or address";
        }
        foreach (var card in books.Cards.Where(c => c.GatewayId is not null && books.Doors.All(g => g.Id != c.GatewayId || g.NetworkId != c.NetworkId)))
            yield return $"router {card.RouterId} has a card for a private gateway that is gone";
        foreach (var door in books.Doors.Where(g => g.State != GatewayState.Ready)) yield return $"private gateway {door.Id} stays {door.State}";
        foreach (var rule in books.Rules.Where(r => r.AddressId is not null && !books.Addresses.Any(a => a.Id == r.AddressId && books.Networks.Any(n => n.Id == r.NetworkId && n.ScopeId == a.ScopeId))))
            yield return $"rule {rule.Id} is of an address that its network does not hold";
        foreach (var rule in books.Rules.Where(r => r.InternalNetworkId is not null && books.Networks.All(n => n.Id != r.InternalNetworkId)))
            yield return $"rule {rule.Id} listens in a tier that is gone";
        foreach (var rule in books.Rules.Where(r => r.NicId is not null && books.Nics.All(n => n.Id != r.NicId)))
            yield return $"rule {rule.Id} leads to a card that is gone";
        foreach (var member in books.Members.Where(m => books.Nics.All(n => n.Id != m.NicId))) yield return $"a member of {member.RuleId} is gone";
        foreach (var address in books.Addresses.Where(a => a.StaticNatNicId is not null && books.Nics.All(n => n.Id != a.StaticNatNicId)))
            yield return $"address {address.Id} leads to a card that is gone";
        foreach (var router in books.Routers.Where(r => r.State == VmState.Running))
        {
            if (books.Scopes.Any(s => s.Id == router.ScopeId && s.WantedGeneration < router.AppliedGeneration))
                yield return $"router {router.Id} has applied what nobody wanted";
        }
        foreach (var place in books.Places.Where(p => p.Ready && Lives(p.NetworkId) && !sights.Networks.Contains((p.HostId, p.NetworkId.Value))))
            yield return $"network {place.NetworkId} should be on {place.HostId}";
        foreach (var (host, id) in sights.Networks.Where(n => !OfHosts.Contains(n.Network) && !books.Places.Any(p => p.HostId == n.Host && p.NetworkId.Value == n.Network)))
            yield return $"network {id} on {host} belongs to nothing";
        foreach (var (host, id) in sights.Networks.Where(n => OfHosts.Contains(n.Network) && books.Hosts.All(h => h.Id != n.Host)))
            yield return $"network {id} is on {host}, which is no host of the cloud";

        bool Lives(Id<Network> id) => books.Networks.Any(n => n.Id == id && (n.State == NetworkState.Implemented || n.IsPrivate));
    }

    private static IEnumerable<string> Disks(Books books, HostSights sights)
    {
        foreach (var volume in books.Volumes.Where(v => v.State == VolumeState.Ready && !sights.Volumes.Contains(v.Id.Value)))
        {
            if (books.Vms.All(v => v.Id.Value != volume.VirtualMachineId || v.State != VmState.Expunging))
                yield return $"volume {volume.Id} should be on its pool";
        }
        foreach (var id in sights.Volumes.Where(id => !books.Volumes.Any(v => v.Id.Value == id && v.State is (VolumeState.Ready or VolumeState.Expunging))))
            yield return $"volume {id} on the pool belongs to nothing";
        foreach (var copy in books.Copies.Where(c => c.Ready && !sights.Images.Contains(c.Id.Value)))
            yield return $"copy {copy.Id} should be on its pool";
        foreach (var id in sights.Images.Where(id => !books.Copies.Any(c => c.Id.Value == id)))
            yield return $"image {id} on the pool belongs to nothing";
        var places = books.Pools.Select(p => p.Id.Value).ToHashSet();
        foreach (var (host, id) in sights.Pools.Where(p => books.Hosts.All(h => h.Id != p.Host) || !places.Contains(p.Pool)))
            yield return $"pool {id} on {host} belongs to nothing";
        foreach (var job in sights.Jobs) yield return $"nobody waits for the copy {job}";
    }

    private static IEnumerable<string> Stores(Books books, HostSights sights)
    {
        foreach (var original in books.Originals.Where(i => i.Ready && !sights.Stored.Contains(i.ObjectId)))
            yield return $"original {original.Id} should be in its store";
        foreach (var id in sights.Stored.Where(id => !books.Originals.Any(i => i.ObjectId == id))) yield return $"image {id} in the store belongs to nothing";
        foreach (var id in sights.Parts) yield return $"nobody writes the part {id}";
        foreach (var vm in books.Workers.Where(v => v.Sessions != books.Sessions.Count(s => s.WorkerId == v.Id.Value)))
            yield return $"the transfers of {vm.Id} are counted wrongly";
        foreach (var session in books.Sessions) yield return $"nobody transfers {session.Id}";
        foreach (var vm in books.Workers.Where(v => v.State == VmState.Running && !sights.SetUp.Any(s => s.Worker == v.Id.Value)))
            yield return $"worker {vm.Id} knows nothing";
        foreach (var address in books.WorkerAddresses.Where(a => !books.Workers.Any(v => v.Id.Value == a.SystemVmId)))
            yield return $"the address of {address.SystemVmId} belongs to nobody";
    }

    private static HashSet<Guid> OfHosts { get; } = [.. HostNetworks.All.Select(n => n.NetworkId)];

    private static IEnumerable<string> AtRest(Books books)
    {
        foreach (var twin in books.Twins.Where(t => books.Routers.All(r => r.Id != t.RouterId))) yield return $"the twin {twin.DomainId} is of no router";
        foreach (var vm in books.Vms.Where(v => v.State is VmState.Starting or VmState.Stopping or VmState.Migrating)) yield return $"vm {vm.Id} stays {vm.State}";
        foreach (var router in books.Routers.Where(r => r.State == VmState.Starting)) yield return $"router {router.Id} stays {router.State}";
        foreach (var rule in books.Rules.Where(r => r.State != RuleState.Active)) yield return $"rule {rule.Id} stays {rule.State}";
        foreach (var address in books.Addresses.Where(a => a.IsReleasing)) yield return $"address {address.Id} stays on its way back";
        foreach (var vm in books.Workers.Where(v => v.State == VmState.Starting)) yield return $"worker {vm.Id} stays {vm.State}";
        foreach (var vpc in books.Vpcs.Where(v => v.State == VpcState.Inactive)) yield return $"vpc {vpc.Id} stays {vpc.State}";
        foreach (var network in books.Networks.Where(n => n.State == NetworkState.Implementing)) yield return $"network {network.Id} stays {network.State}";
        foreach (var row in books.Unfinished) yield return $"{row.Kind} is unfinished: {row.Phase} {row.Step} {row.ErrorText}";
    }
}
