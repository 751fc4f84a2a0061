using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Reads what a router's scope wishes, renders the router's configuration and brings it into the router.</summary>
public sealed class RouterConfigurations(CloudDb db, IEnumerable<IGuestsOfNetwork> guests, Secrets secrets)
{
    /// <summary>Applies the newest generation and notes on the router, saved with the step, that it did or why it refused.</summary>
    public async Task ApplyAsync(Router router, Id<Host> host, Hosts hosts, CancellationToken ct)
    {
        // The generation is read before what it covers: a change in between is rendered early, never missed.
        var wanted = await WantedAsync(router, ct);
        if (router.AppliedGeneration >= wanted) return;
        var cards = await db.Set<RouterCard>().Where(c => c.RouterId == router.Id && c.IsIn).Select(c => c.Id).ToListAsync(ct);
        var report = await SendAsync(router, cards, (router.ServingId, router.Made), wanted, message => hosts.EnsureAsync(host, router.Subject, message, ct), ct);
        if (report.Generation < wanted) router.Refused(wanted, $"{report.FailedPart} refused the new one ({report.FailedText}).");
        else router.Applied(report.Generation);
    }

    /// <summary>Applies the newest generation to the domain that is to serve, and notes it on the twin.</summary>
    /// <exception cref="CloudException">It refused it (534); the text says which part.</exception>
    public async Task ApplyAsync(Router router, RouterTwin twin, IReadOnlyList<Id<RouterCard>> cards, Hosts hosts, CancellationToken ct)
    {
        var wanted = await WantedAsync(router, ct);
        if (twin.AppliedGeneration >= wanted) return;
        var report = await SendAsync(router, cards, (twin.DomainId, twin.Made), wanted, message => hosts.EnsureAsync(twin.HostId, router.Subject, message, ct), ct);
        if (report.Generation < wanted)
        {
            throw Api.Refusal.Unavailable($"The router {router.Name} is not rebuilt and serves on: "
                + $"in the new one {report.FailedPart} refused its configuration ({report.FailedText}).");
        }
        twin.Applied(report.Generation);
    }

    /// <summary>Whether the router has something to learn.</summary>
    public async Task<bool> LagsAsync(Router router, CancellationToken ct) => router.AppliedGeneration < await WantedAsync(router, ct);

    private Task<long> WantedAsync(Router router, CancellationToken ct) =>
        db.Set<RouterScope>().Where(s => s.Id == router.ScopeId).Select(s => s.WantedGeneration).SingleAsync(ct);

    private async Task<RouterReport> SendAsync(
        Router router, IReadOnlyList<Id<RouterCard>> cards, (Guid Id, RouterMake Made) domain, long generation,
        Func<EnsureRouterConfiguration, Task<RouterReport>> send, CancellationToken ct)
    {
        var wishes = await ReadAsync(router, cards, ct) with { Name = Router.NameOf(domain.Id), Made = domain.Made };
        var report = await send(new EnsureRouterConfiguration { RouterId = domain.Id, Generation = generation, Files = RouterFiles.Render(wishes) });
        if (!report.Answers) throw new TransientException($"the router {router.Name} does not answer");
        foreach (var owner in guests)
        {
            foreach (var served in wishes.Networks) await owner.PasswordsTakenAsync(served.Network.Id, report.PasswordsTaken, ct);
        }
        return report;
    }

    private async Task<RouterWishes> ReadAsync(Router router, IReadOnlyList<Id<RouterCard>> cards, CancellationToken ct)
    {
        var zone = await db.Set<Zone>().AsNoTracking().SingleAsync(z => z.Id == router.ZoneId, ct);
        var networks = await NetworksAsync(cards, zone, ct);
        var gateways = await GatewaysAsync(cards, ct);
        var rules = await RulesAsync([.. networks.Select(n => n.Network.Id)], ct);
        return new()
        {
            Router = router,
            Networks = networks,
            Gateways = gateways,
            Addresses = await AddressesAsync(router.ScopeId, ct),
            PublicMtu = await db.Set<RouterScope>().Where(s => s.Id == router.ScopeId).Select(s => s.PublicMtu).SingleAsync(ct),
            Rules = rules,
            Pair = await PairAsync(router, networks, ct),
            Balancers = await BalancersAsync(rules, ct),
            Routes = await RoutesAsync(router.ScopeId, networks, gateways, ct),
            Tunnels = await TunnelsAsync(router.ScopeId, ct),
            Clients = networks.Count == 0 ? null : await RemoteAccess.WishAsync(db, secrets, router.ScopeId, ct),
            Resolvers = await ResolversAsync(router.ScopeId, zone, ct),
        };
    }

    // They speak in the oldest network that both serve.
    private async Task<PairWish?> PairAsync(Router router, List<ServedNetwork> networks, CancellationToken ct)
    {
        if (networks.Find(n => !n.Network.IsShared) is not { Card: { Ip: { } own } card }) return null;
        var others = db.Set<Router>().Where(r => r.ScopeId == router.ScopeId && r.Id != router.Id);
        var other = await db.Set<RouterCard>().AsNoTracking().SingleOrDefaultAsync(c => c.NetworkId == card.NetworkId && others.Any(r => r.Id == c.RouterId), ct);
        return other?.Ip is { } peer ? new(card, own, peer, other.Mac, RouterPair.MostPriority - router.Rank) : null;
    }

    private async Task<IReadOnlyList<string>> ResolversAsync(Id<RouterScope> scope, Zone zone, CancellationToken ct)
    {
        var ofVpc = db.Set<Vpc>().Where(v => v.ScopeId == scope).Select(v => v.NameServers);
        var ofNetwork = db.Set<Network>().Where(n => n.ScopeId == scope && n.VpcId == null).Select(n => n.NameServers);
        return NameServers.Of(await ofVpc.Concat(ofNetwork).FirstOrDefaultAsync(ct) ?? [], zone);
    }

    private async Task<List<ServedNetwork>> NetworksAsync(IReadOnlyList<Id<RouterCard>> cards, Zone zone, CancellationToken ct)
    {
        var found = await (
            from card in db.Set<RouterCard>().AsNoTracking()
            where cards.Contains(card.Id) && card.GatewayId == null
            join network in db.Set<Network>().AsNoTracking() on card.NetworkId equals network.Id
            join offering in db.Set<NetworkOffering>().IgnoreQueryFilters() on network.OfferingId equals offering.Id
            orderby network.Id
            select new { Card = card, Network = network, offering.EgressAllowed, offering.MostConnections, offering.KeepsAlive }).ToListAsync(ct);
        var lists = found.Select(f => f.Network.AclId).OfType<Id<AclList>>().ToList();
        var acls = (await db.Set<AclRule>().AsNoTracking().Where(r => lists.Contains(r.ListId)).ToListAsync(ct)).ToLookup(r => r.ListId);
        var served = new List<ServedNetwork>();
        foreach (var of in found)
        {
            var there = new List<GuestWishes>();
            foreach (var owner in guests) there.AddRange(await owner.OfAsync(of.Network, zone, ct));
            served.Add(new()
            {
                Card = of.Card,
                Network = of.Network,
                EgressAllowed = of.EgressAllowed,
                MostConnections = of.MostConnections,
                KeepsAlive = of.KeepsAlive,
                Acl = of.Network.AclId is { } list ? [.. acls[list]] : null,
                Guests = there,
            });
        }
        return served;
    }

    private Task<List<HeldAddress>> AddressesAsync(Id<RouterScope> scope, CancellationToken ct) => (
        from address in db.Set<PublicIpAddress>().AsNoTracking()
        where address.ScopeId == scope && !address.IsReleasing
        join range in db.Set<PublicIpRange>() on address.RangeId equals range.Id
        join nic in db.Set<Nic>() on address.StaticNatNicId equals nic.Id into nics
        from nic in nics.DefaultIfEmpty()
        join further in db.Set<NicAddress>() on address.StaticNatFurtherId equals further.Id into furthers
        from further in furthers.DefaultIfEmpty()
        orderby address.IsSourceNat descending, address.Address
        select new HeldAddress(
            address.Id, address.Address, range.Netmask, range.Gateway, address.IsSourceNat, further != null ? further.Ip : nic.Ip, range.Vlan)).ToListAsync(ct);

    private Task<List<RuleWish>> RulesAsync(List<Id<Network>> networks, CancellationToken ct) => (
        from rule in db.Set<NetworkRule>().AsNoTracking()
        where networks.Contains(rule.NetworkId) && rule.State != RuleState.Revoke
        join nic in db.Set<Nic>() on rule.NicId equals nic.Id into nics
        from nic in nics.DefaultIfEmpty()
        join further in db.Set<NicAddress>() on rule.FurtherId equals further.Id into furthers
        from further in furthers.DefaultIfEmpty()
        orderby rule.CreatedAt, rule.Id
        select new RuleWish(rule, further != null ? further.Ip : nic.Ip)).ToListAsync(ct);

    private async Task<List<ServedGateway>> GatewaysAsync(IReadOnlyList<Id<RouterCard>> cards, CancellationToken ct)
    {
        var found = await (
            from card in db.Set<RouterCard>().AsNoTracking()
            where cards.Contains(card.Id)
            join gateway in db.Set<PrivateGateway>().AsNoTracking() on card.GatewayId equals gateway.Id
            join network in db.Set<Network>() on gateway.NetworkId equals network.Id
            orderby gateway.Id
            select new { Card = card, Gateway = gateway, network.Mtu }).ToListAsync(ct);
        var lists = found.Select(f => f.Gateway.AclId).ToList();
        var acls = (await db.Set<AclRule>().AsNoTracking().Where(r => lists.Contains(r.ListId)).ToListAsync(ct)).ToLookup(r => r.ListId);
        return found.ConvertAll(f => new ServedGateway(f.Card, f.Gateway, f.Mtu, [.. acls[f.Gateway.AclId]]));
    }

    // What nobody can be asked to forward, for want of a card there, comes with the card.
    private async Task<List<RouteWish>> RoutesAsync(Id<RouterScope> scope, List<ServedNetwork> networks, List<ServedGateway> gateways, CancellationToken ct)
    {
        var routes = await db.Set<StaticRoute>().AsNoTracking().Where(r => r.ScopeId == scope && r.State != RuleState.Revoke).OrderBy(r => r.Id).ToListAsync(ct);
        return [.. routes
            .Where(r => r.GatewayId is { } by ? gateways.Exists(g => g.Gateway.Id == by) : networks.Exists(n => n.Subnet.Cidr.Contains(r.NextHop.ToIPAddress())))
            .Select(r => new RouteWish(r.Cidr, r.NextHop))];
    }

    private async Task<List<TunnelWish>> TunnelsAsync(Id<RouterScope> scope, CancellationToken ct)
    {
        var found = await (
            from connection in db.Set<VpnConnection>().AsNoTracking()
            where connection.ScopeId == scope && !connection.IsLeaving
            join far in db.Set<VpnCustomerGateway>().AsNoTracking() on connection.CustomerGatewayId equals far.Id
            join vpc in db.Set<Vpc>() on connection.ScopeId equals vpc.ScopeId
            orderby connection.CreatedAt, connection.Id
            select new { Connection = connection, Far = far, vpc.Cidr }).ToListAsync(ct);
        return found.ConvertAll(f => new TunnelWish(f.Connection, f.Far.Peer, secrets.UnwrapText(f.Far.WrappedPsk), f.Cidr));
    }

    private async Task<List<BalancerWish>> BalancersAsync(List<RuleWish> rules, CancellationToken ct)
    {
        var balancing = rules.Where(r => r.Rule.Purpose is RulePurpose.LoadBalancing or RulePurpose.InternalBalancing).Select(r => r.Rule).ToList();
        if (balancing.Count == 0) return [];
        var ids = balancing.Select(r => r.Id).ToList();
        var balancers = await db.Set<LoadBalancer>().AsNoTracking().Where(b => ids.Contains(b.RuleId)).ToDictionaryAsync(b => b.RuleId, ct);
        var policies = await db.Set<StickinessPolicy>().AsNoTracking().Where(p => ids.Contains(p.RuleId)).ToDictionaryAsync(p => p.RuleId, ct);
        var checks = await db.Set<HealthPolicy>().AsNoTracking().Where(p => ids.Contains(p.RuleId)).ToDictionaryAsync(p => p.RuleId, ct);
        var members = await (
            from member in db.Set<LoadBalancerMember>().AsNoTracking()
            where ids.Contains(member.RuleId)
            join nic in db.Set<Nic>() on member.NicId equals nic.Id
            where nic.Ip != null
            orderby nic.Id
            select new { member.RuleId, nic.Id, nic.Ip }).ToListAsync(ct);
        var byRule = members.ToLookup(m => m.RuleId, m => (m.Id, m.Ip!.Value));
        var served = balancers.Values.Select(b => b.CertificateId).OfType<Id<SslCertificate>>().ToList();
        var certificates = await db.Set<SslCertificate>().AsNoTracking().Where(c => served.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        return [.. balancing.Where(r => balancers.ContainsKey(r.Id))
            .Select(r => new BalancerWish(r, balancers[r.Id], policies.GetValueOrDefault(r.Id)?.Content, [.. byRule[r.Id]])
            {
                Check = checks.GetValueOrDefault(r.Id)?.Content,
                Certificate = balancers[r.Id].CertificateId is { } id ? certificates.GetValueOrDefault(id)?.Open(secrets) : null,
            })];
    }
}

/// <summary>Who knows the guests of a network: declared here, told by the slice that owns virtual machines.</summary>
public interface IGuestsOfNetwork
{
    /// <summary>All guests that hold an address in the network.</summary>
    Task<IReadOnlyList<GuestWishes>> OfAsync(Network network, Zone zone, CancellationToken ct);

    /// <summary>Whether the network has guests: any at all, or ones that run or are about to.</summary>
    Task<bool> AnyAsync(Id<Network> network, bool activeOnly, CancellationToken ct);

    /// <summary>The accounts whose guests are in the network, in whatever state.</summary>
    Task<IReadOnlyList<Id<Accounts.Account>>> OwnersAsync(Id<Network> network, CancellationToken ct);

    /// <summary>Notes that guests took these passwords, by serial.</summary>
    Task PasswordsTakenAsync(Id<Network> network, IReadOnlyList<long> serials, CancellationToken ct);

    /// <summary>What guests are called, those that have gone too.</summary>
    Task<IReadOnlyList<GuestName>> NamesAsync(IReadOnlyCollection<Guid> guests, CancellationToken ct);
}

/// <summary>What a guest is called.</summary>
/// <param name="Id">The guest.</param>
/// <param name="Name">Its host name.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="State">How it is.</param>
public sealed record GuestName(Guid Id, string Name, string DisplayName, VmState State);

/// <summary>Asks all who know guests.</summary>
internal static class GuestNames
{
    public static async Task<IReadOnlyDictionary<Guid, GuestName>> NamesAsync(
        this IEnumerable<IGuestsOfNetwork> owners, IEnumerable<Guid> guests, CancellationToken ct)
    {
        var ids = guests.Distinct().ToList();
        var names = new Dictionary<Guid, GuestName>();
        if (ids.Count == 0) return names;
        foreach (var owner in owners)
        {
            foreach (var name in await owner.NamesAsync(ids, ct)) names[name.Id] = name;
        }
        return names;
    }
}
