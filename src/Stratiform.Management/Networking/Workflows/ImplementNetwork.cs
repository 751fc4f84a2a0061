using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Reconcilers;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Gives a network what it needs to carry guests: a number on the wires, and where it is routed a public address and a running router.</summary>
public sealed class ImplementNetwork(CloudDb db, Hosts hosts, Addresses addresses, Limits limits, Duties duties, TimeProvider clock) : Workflow<ImplementNetwork.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="NetworkId">The network.</param>
    /// <param name="Began">True when this workflow is the one that implements it, rather than finding it done.</param>
    public sealed record Memory(Id<Network> NetworkId, bool Began = false);

    public static Order<ImplementNetwork> For(Network network) => new()
    {
        State = new Memory(network.Id),
        Subjects = [network.Subject],
        InstanceKind = nameof(Network),
        InstanceId = network.Id.Value,
    };

    /// <summary>Orders for those that have not all they need to carry guests.</summary>
    public static async Task<IReadOnlyList<Order<ImplementNetwork>>> ForMissingAsync(CloudDb db, IReadOnlyCollection<Network> networks, CancellationToken ct)
    {
        var ids = networks.Select(n => n.Id).ToList();
        // One whose router is off, or without its card, has not: a guest would wait for an address in vain.
        var off = db.Set<Router>().Where(r => r.State == VmState.Stopped || r.State == VmState.Stopping);
        var dark = await db.Set<RouterCard>().Where(c => ids.Contains(c.NetworkId) && c.GatewayId == null && (!c.IsIn || off.Any(r => r.Id == c.RouterId)))
            .Select(c => c.NetworkId).ToListAsync(ct);
        return [.. networks.Where(n => n.State != NetworkState.Implemented || dark.Contains(n.Id)).Select(For)];
    }

    protected override void Define(Plan plan) => plan
        .Do(MarkImplementing).Undo(MarkAllocated)
        .Do(TakeVni).Undo(ReleaseVni)
        .Do(TakeSourceNat).Undo(ReleaseSourceNat)
        .Do(AddRouter).Undo(RemoveRouter)
        .Run(ItsRouter)
        .Run(ItsCard)
        .Do(MarkImplemented);

    private async Task<Network> NetworkAsync(CancellationToken ct) =>
        await db.Set<Network>().SingleOrDefaultAsync(n => n.Id == State.NetworkId, ct)
        ?? throw Api.Refusal.Parameter($"The network {State.NetworkId} was removed.");

    private async Task MarkImplementing(CancellationToken ct)
    {
        var network = await NetworkAsync(ct);
        if (network.State == NetworkState.Implemented) return;
        if (network.IsRouted) await NetworkServices.RequireProviderAsync(db, network.PhysicalNetworkId, ct);
        network.MarkImplementing();
        State = State with { Began = true };
    }

    private async Task MarkAllocated(CancellationToken ct)
    {
        if (State.Began) (await NetworkAsync(ct)).MarkAllocated();
    }

    private async Task TakeVni(CancellationToken ct)
    {
        var network = await NetworkAsync(ct);
        if (network is { Vni: null, IsShared: false }) network.TakeVni(await addresses.FreeVniAsync(network, ct));
    }

    private async Task ReleaseVni(CancellationToken ct)
    {
        if (!State.Began) return;
        var network = await NetworkAsync(ct);
        // A host that kept the old number could not be plugged into the new one.
        foreach (var place in await db.Set<NetworkOnHost>().Where(n => n.NetworkId == network.Id).ToListAsync(ct))
        {
            await hosts.EnsureAsync(place.HostId, network.Subject, new EnsureNoNetwork(network.Id.Value), ct);
            db.Remove(place);
        }
        network.ReleaseVni();
    }

    private async Task TakeSourceNat(CancellationToken ct)
    {
        var network = await NetworkAsync(ct);
        var offering = await db.Set<NetworkOffering>().IgnoreQueryFilters().SingleAsync(o => o.Id == network.OfferingId, ct);
        // The VPC has one for all its tiers.
        if (network.VpcId is not null || !offering.Has("SourceNat") || await db.HasChosenSourceNatAsync(network.ScopeId!.Value, ct)) return;
        InCommit((commit, token) => limits.TakeAsync(commit, network.AccountId, network.Id.Value, ResourceKind.PublicIp, 1, token));
        InCommit((commit, token) => Addresses.TakeSourceNatAsync(commit, network.ZoneId, network.ScopeId!.Value, clock.GetUtcNow(), token));
    }

    private async Task ReleaseSourceNat(CancellationToken ct)
    {
        if (!State.Began || await NetworkAsync(ct) is not { VpcId: null, ScopeId: { } scope }) return;
        InCommit((commit, token) => Addresses.ReleaseSourceNatAsync(commit, scope, token));
        InCommit((commit, token) => Limits.ReleaseAsync(commit, State.NetworkId.Value, token, ResourceKind.PublicIp));
    }

    private async Task AddRouter(CancellationToken ct)
    {
        var network = await NetworkAsync(ct);
        if (!network.IsRouted || await CardAsync(ct) is not null) return;
        var router = await db.Set<Router>().SingleOrDefaultAsync(r => r.ScopeId == network.ScopeId, ct);
        if (router is null)
        {
            var scope = await db.Set<RouterScope>().SingleAsync(s => s.Id == network.ScopeId, ct);
            db.Add(router = new Router(network, clock.GetUtcNow(), scope.RouterMade));
            foreach (var gateway in await db.Set<PrivateGateway>().Where(g => g.ScopeId == network.ScopeId && g.State != GatewayState.Deleting).ToListAsync(ct))
                db.Add(router.AddCard(gateway));
        }
        var ip = network.IsShared ? await addresses.FreeGuestAddressAsync(network, ct) : (Ipv4Address?)null;
        if (ip is { } taken) InCommit((commit, token) => Addresses.ClaimAsync(commit, network.Id, taken, token));
        db.Add(router.AddCard(network, ip));
    }

    private Task<RouterCard?> CardAsync(CancellationToken ct) => db.Set<RouterCard>().SingleOrDefaultAsync(c => c.NetworkId == State.NetworkId && c.GatewayId == null, ct);

    private async Task RemoveRouter(CancellationToken ct)
    {
        if (!State.Began || await CardAsync(ct) is not { } card) return;
        var router = await db.Set<Router>().SingleAsync(r => r.Id == card.RouterId, ct);
        if (router.State == VmState.Stopped)
        {
            db.Remove(card);
            router.ForgetCard();
            if (!await db.Set<RouterCard>().AnyAsync(c => c.RouterId == router.Id && c.Id != card.Id && c.GatewayId == null, ct))
            {
                db.RemoveRange(await db.GatewayCardsAsync(router.Id, ct));
                router.Remove(clock.GetUtcNow());
            }
            return;
        }
        // With a router, even one that RouterSync has to stop or plug in first, the network is whole: it stays for the next guest, and
        // NetworkGc takes it down if none comes.
        (await NetworkAsync(ct)).MarkImplemented();
        State = State with { Began = false };
    }

    private async Task<IReadOnlyList<Order<StartRouter>>> ItsRouter(CancellationToken ct)
    {
        var router = await db.RouterOfAsync(State.NetworkId, ct);
        return router is null or { State: VmState.Running } ? [] : [StartRouter.For(router, [State.NetworkId])];
    }

    private async Task<IReadOnlyList<Order<PlugRouter>>> ItsCard(CancellationToken ct)
    {
        if (await CardAsync(ct) is not { IsIn: false } card) return [];
        return [PlugRouter.For(await db.Set<Router>().SingleAsync(r => r.Id == card.RouterId, ct), State.NetworkId)];
    }

    private async Task MarkImplemented(CancellationToken ct)
    {
        (await NetworkAsync(ct)).MarkImplemented();
        if (await db.Set<NetworkRule>().AnyAsync(r => r.NetworkId == State.NetworkId && r.InternalNetworkId != null && r.InternalNetworkId != State.NetworkId, ct))
            InCommit((_, token) => duties.NudgeAsync<NetworkGc>(token));
    }
}
