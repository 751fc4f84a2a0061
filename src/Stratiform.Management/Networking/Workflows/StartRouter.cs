using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Boots a router and gives it the newest configuration of its networks. That ends an administrator's hold.</summary>
public sealed class StartRouter(CloudDb db, Hosts hosts, Planner planner, RouterConfigurations configurations, RouterRoom room)
    : Workflow<StartRouter.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RouterId">The router.</param>
    /// <param name="Networks">Those of its networks that come to its host with it. Others that are there already it serves as well, and
    /// RouterSync plugs in what it lacks then.</param>
    /// <param name="HostId">Where it starts, once chosen.</param>
    /// <param name="UnlessHeld">Nobody asked for it: what an administrator stopped meanwhile stays off.</param>
    public sealed record Memory(Id<Router> RouterId, IReadOnlyList<Id<Network>> Networks, Id<Host>? HostId = null, bool UnlessHeld = false);

    /// <summary>Somebody needs it, or asked for it.</summary>
    public static Order<StartRouter> For(Router router, IReadOnlyList<Id<Network>> networks) => For(router, networks, unlessHeld: false);

    /// <summary>The cloud's own order.</summary>
    public static Order<StartRouter> UnlessHeld(Router router, IReadOnlyList<Id<Network>> networks) => For(router, networks, unlessHeld: true);

    private static Order<StartRouter> For(Router router, IReadOnlyList<Id<Network>> networks, bool unlessHeld) => new()
    {
        State = new Memory(router.Id, networks, UnlessHeld: unlessHeld),
        Subjects = Routers.Subjects(router, networks),
        InstanceKind = nameof(Router),
        InstanceId = router.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkStarting).Undo(MarkStopped)
        .Do(ChooseHost).Undo(ReleaseHost)
        .Run(NetworksToPlug)
        .Do(ChooseCards)
        .Do(StartDomain).Undo(DestroyDomain)
        .Until(RouterAnswers, TimeSpan.FromMinutes(5))
        .Do(Configure)
        .Do(MarkRunning);

    private Subject Subject => new(SubjectKinds.Router, State.RouterId.Value);

    private Task<Router?> RouterIfThereAsync(CancellationToken ct) => db.Set<Router>().SingleOrDefaultAsync(r => r.Id == State.RouterId, ct);

    private async Task<Router> RouterAsync(CancellationToken ct) =>
        await RouterIfThereAsync(ct) ?? throw Api.Refusal.Parameter($"The router {State.RouterId} was removed.");

    private async Task MarkStarting(CancellationToken ct)
    {
        var router = await RouterAsync(ct);
        if (State.UnlessHeld && router.IsHeld)
            throw Api.Refusal.Conflict($"The router {router.Name} was stopped meanwhile, and stays so until it is started.");
        // Nobody else works on it, so this is what a stop left: its domain may be on.
        if (router.State == VmState.Stopping)
            throw Api.Refusal.Unavailable($"The router {router.Name} is half off; it goes off when its host answers again. Try again then.");
        router.MarkStarting();
    }

    private async Task MarkStopped(CancellationToken ct)
    {
        if (await RouterIfThereAsync(ct) is { State: VmState.Starting } router) router.MarkStopped();
    }

    private async Task ChooseHost(CancellationToken ct)
    {
        var router = await RouterAsync(ct);
        if (router.HostId is { } placed)
        {
            State = State with { HostId = placed };
            return;
        }
        router.MakeOf(room.MadeNow(router));
        var request = await room.ForAsync(router, ct);
        var host = await planner.ChooseAsync(request, ct);
        InCommit((commit, token) => Reservations.TakeAsync(commit, request, host.Id, token));
        router.PlaceOn(host.Id);
        State = State with { HostId = host.Id };
    }

    private async Task ReleaseHost(CancellationToken ct)
    {
        var router = await RouterAsync(ct);
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, router.ServingId, token));
        router.PlaceOn(null);
        State = State with { HostId = null };
    }

    // Not those that went while this waited.
    private async Task<IReadOnlyList<Order<PlugNetwork>>> NetworksToPlug(CancellationToken ct) =>
        await NetworkOnHost.ToPlugAsync(db, [.. State.Networks.Intersect(await db.ServedByAsync(State.RouterId, ct))], State.HostId!.Value, ct);

    // Before the call: what a domain was made of is known, whatever happens next.
    private async Task ChooseCards(CancellationToken ct)
    {
        var router = await RouterAsync(ct);
        var there = await db.Set<NetworkOnHost>().Where(n => n.HostId == State.HostId && n.Ready).Select(n => n.NetworkId).ToListAsync(ct);
        foreach (var card in await db.Set<RouterCard>().Where(c => c.RouterId == router.Id).ToListAsync(ct))
            router.Plug(card, there.Contains(card.NetworkId));
    }

    private async Task StartDomain(CancellationToken ct)
    {
        var router = await RouterAsync(ct);
        var cards = await db.CardsAsync(c => c.RouterId == router.Id && c.IsIn, ct);
        var domain = RouterDomain.Describe(router, router.ServingId, cards);
        await hosts.EnsureAsync(State.HostId!.Value, Subject, new EnsureDomain(domain), ct);
        router.DomainFence = Row.Fence;
    }

    private async Task DestroyDomain(CancellationToken ct)
    {
        if (State.HostId is { } host) await hosts.EnsureAsync(host, Subject, new EnsureNoDomain((await RouterAsync(ct)).ServingId), ct);
    }

    private async Task<bool> RouterAnswers(CancellationToken ct) =>
        (await hosts.ReadAsync(State.HostId!.Value, new ReadRouter((await RouterAsync(ct)).ServingId, IsBrief: true), ct)).Answers;

    private async Task Configure(CancellationToken ct)
    {
        var router = await RouterAsync(ct);
        await configurations.ApplyAsync(router, State.HostId!.Value, hosts, ct);
        router.RequireNotRefused(router.RefusedGeneration);
    }

    private async Task MarkRunning(CancellationToken ct) => (await RouterAsync(ct)).MarkRunning();
}
