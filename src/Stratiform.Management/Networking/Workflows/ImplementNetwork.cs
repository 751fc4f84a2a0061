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
public sealed class ImplementNetwork(
    CloudDb db, Hosts hosts, Addresses addresses, RouterRoster roster, Limits limits, Duties duties, TimeProvider clock) : Workflow<ImplementNetwork.Memory>
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
        // One without a router that is on and has its card there has not: a guest would wait for an address in vain.
        var off = db.Set<Router>().Where(r => r.State == VmState.Stopped || r.State == VmState.Stopping);
        var cards = db.Set<RouterCard>().Where(c => ids.Contains(c.NetworkId) && c.GatewayId == null);
        var dark = await cards.Where(c => !cards.Any(o => o.NetworkId == c.NetworkId && o.IsIn && !off.Any(r => r.Id == o.RouterId)))
            .Select(c => c.NetworkId).ToListAsync(ct);
        return [.. networks.Where(n => n.State != NetworkState.Implemented || dark.Contains(n.Id)).Select(For)];
    }

    protected override void Define(Plan plan) => plan
        .Do(MarkImplementing).Undo(MarkAllocated)
        .Do(TakeVni).Undo(ReleaseVni)
        .Do(TakeSourceNat).Undo(ReleaseSourceNat)
        .Do(AddRouters).Undo(RemoveRouters)
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
        // A VPC has one for all its tiers; one that was not started takes it with the first of them, by whom the others wait.
        if (network.VpcId is null ? !offering.Has(NetworkServices.SourceNat) || await db.HasChosenSourceNatAsync(network.ScopeId!.Value, ct) : await db.HasSourceNatAsync(network.ScopeId!.Value, ct)) return;
        if (network.VpcId is not null) InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, network.ScopeId!.Value, token));
        InCommit((commit, token) => limits.TakeAsync(commit, network.AccountId, network.VpcId?.Value ?? network.Id.Value, ResourceKind.PublicIp, 1, token));
        InCommit((commit, token) => Addresses.TakeSourceNatAsync(commit, network.ZoneId, network.ScopeId!.Value, clock.GetUtcNow(), token));
    }

    private async Task ReleaseSourceNat(CancellationToken ct)
    {
        if (!State.Began || await NetworkAsync(ct) is not { VpcId: null, ScopeId: { } scope }) return;
        InCommit((commit, token) => Addresses.ReleaseSourceNatAsync(commit, scope, token));
        InCommit((commit, token) => Limits.ReleaseAsync(commit, State.NetworkId.Value, token, ResourceKind.PublicIp));
    }

    private async Task AddRouters(CancellationToken ct)
    {
        var network = await NetworkAsync(ct);
        if (network.IsRouted) await roster.CompleteAsync(network, InCommit, ct);
    }

    private Task<List<RouterCard>> CardsAsync(CancellationToken ct) => db.Set<RouterCard>().Where(c => c.NetworkId == State.NetworkId && c.GatewayId == null).ToListAsync(ct);

    private async Task RemoveRouters(CancellationToken ct)
    {
        var routers = await db.RoutersOfAsync(State.NetworkId, ct);
        if (!State.Began || routers.Count == 0) return;
        if (routers.TrueForAll(r => r.State == VmState.Stopped))
        {
            foreach (var router in routers) await RemoveAsync(router, ct);
            return;
        }
        // With a router, even one that RouterSync has to stop or plug in first, the network is whole: it stays for the next guest, and
        // NetworkGc takes it down if none comes.
        (await NetworkAsync(ct)).MarkImplemented();
        State = State with { Began = false };
    }

    private async Task RemoveAsync(Router router, CancellationToken ct)
    {
        var card = (await CardsAsync(ct)).Single(c => c.RouterId == router.Id);
        db.Remove(card);
        router.ForgetCard();
        if (await db.Set<RouterCard>().AnyAsync(c => c.RouterId == router.Id && c.Id != card.Id && c.GatewayId == null, ct)) return;
        db.RemoveRange(await db.GatewayCardsAsync(router.Id, ct));
        router.Remove(clock.GetUtcNow());
    }

    // Of a pair one is enough for guests; RouterSync starts the other one, for as long as it takes until there is a host for it.
    private async Task<IReadOnlyList<Order<StartRouter>>> ItsRouter(CancellationToken ct)
    {
        var routers = await db.RoutersOfAsync(State.NetworkId, ct);
        return routers.Count == 0 || routers.Exists(r => r.State == VmState.Running) ? [] : [StartRouter.For(routers[0], [State.NetworkId])];
    }

    private async Task<IReadOnlyList<Order<PlugRouter>>> ItsCard(CancellationToken ct)
    {
        var routers = await db.RoutersOfAsync(State.NetworkId, ct);
        var lacking = (await CardsAsync(ct)).Where(c => !c.IsIn).Select(c => c.RouterId).ToList();
        return [.. routers.Where(r => r.State == VmState.Running && lacking.Contains(r.Id)).Select(r => PlugRouter.For(r, State.NetworkId))];
    }

    private async Task MarkImplemented(CancellationToken ct)
    {
        (await NetworkAsync(ct)).MarkImplemented();
        if ((await db.RoutersOfAsync(State.NetworkId, ct)).Exists(r => r is { State: VmState.Stopped, IsHeld: false }))
            InCommit((_, token) => duties.NudgeAsync<RouterSync>(token));
        if (await db.Set<NetworkRule>().AnyAsync(r => r.NetworkId == State.NetworkId && r.InternalNetworkId != null && r.InternalNetworkId != State.NetworkId, ct))
            InCommit((_, token) => duties.NudgeAsync<NetworkGc>(token));
    }
}
