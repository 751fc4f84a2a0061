using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Builds a router anew while it serves. Its twin boots with the same MACs and addresses behind shut doors, is configured, goes on with the
/// connections, and serves from one moment to the next. What fails before that leaves the old domain as it was; after it the only way is on,
/// and RouterSync goes it to its end.
/// </summary>
public sealed class RebuildRouter(CloudDb db, Hosts hosts, Planner planner, RouterConfigurations configurations, LiveSettings settings)
    : Workflow<RebuildRouter.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RouterId">The router.</param>
    /// <param name="Networks">Those of its networks that come to the new domain's host with it.</param>
    /// <param name="DomainId">The new domain, once it has a place.</param>
    /// <param name="Cards">The cards that it has, once chosen.</param>
    /// <param name="Made">What the new domain is made of; what the old one is unless said.</param>
    public sealed record Memory(
        Id<Router> RouterId, IReadOnlyList<Id<Network>> Networks, Guid? DomainId = null, IReadOnlyList<Id<RouterCard>>? Cards = null,
        RouterMake? Made = null);

    public static Order<RebuildRouter> For(Router router, IReadOnlyList<Id<Network>> networks, RouterMake? made = null) => new()
    {
        State = new Memory(router.Id, networks, Made: made),
        Subjects = Routers.Subjects(router, networks),
        InstanceKind = nameof(Router),
        InstanceId = router.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Run(FormerTwin)
        .Do(AddTwin).Undo(RemoveTwin)
        .Run(NetworksToPlug)
        .Do(ChooseCards)
        .Do(StartTwin).Undo(DestroyTwin)
        .Until(TwinAnswers, TimeSpan.FromMinutes(5))
        .Do(ConfigureTwin)
        .Do(HandConnectionsOver)
        .Do(ChangePlaces).Undo(ChangeBack)
        .Do(HandLateConnectionsOver)
        .Run(OldDomain);

    private async Task<Router> RouterAsync(CancellationToken ct) =>
        await db.Set<Router>().SingleOrDefaultAsync(r => r.Id == State.RouterId, ct)
        ?? throw Api.Refusal.Parameter($"The router {State.RouterId} was removed.");

    private Task<RouterTwin?> TwinAsync(CancellationToken ct) => db.Set<RouterTwin>().SingleOrDefaultAsync(t => t.RouterId == State.RouterId, ct);

    // Null before it has a place, and from the moment on in which it serves.
    private Task<RouterTwin?> NewTwinAsync(CancellationToken ct) =>
        db.Set<RouterTwin>().SingleOrDefaultAsync(t => t.RouterId == State.RouterId && t.DomainId == State.DomainId, ct);

    private async Task<IReadOnlyList<Order<EndTwin>>> FormerTwin(CancellationToken ct)
    {
        (await RouterAsync(ct)).RequireState("rebuild", VmState.Running);
        return await TwinAsync(ct) is null ? [] : [EndTwin.For(await RouterAsync(ct))];
    }

    private async Task AddTwin(CancellationToken ct)
    {
        if (await TwinAsync(ct) is not null) return;
        var router = await RouterAsync(ct);
        var made = (State.Made ?? router.Made).In(settings.Get(NetworkSettings.PreferredArch));
        var request = RouterDomain.RoomFor(router, Id.New<Router>().Value, made) with { LastHost = router.HostId };
        if (!await planner.HasRoomAsync(request, ct))
        {
            if (await planner.HasRoomAsync(request with { Image = null }, ct))
                throw Api.Refusal.Capacity($"The router {router.Name} serves on as it is: {HostHasImage.Missing(request)}");
            throw Api.Refusal.Capacity($"The router {router.Name} serves on as it is: no host has room for a second one beside it. "
                + "Free some and try again, or have it destroyed (destroyRouter), which builds it anew in its place and cuts its guests off meanwhile.");
        }
        var host = await planner.ChooseAsync(request, ct);
        InCommit((commit, token) => Reservations.TakeAsync(commit, request, host.Id, token));
        db.Add(new RouterTwin(router, request.OwnerId, host.Id, made));
        State = State with { DomainId = request.OwnerId };
    }

    private async Task RemoveTwin(CancellationToken ct)
    {
        if (await NewTwinAsync(ct) is not { } twin) return;
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, twin.DomainId, token));
        db.Remove(twin);
    }

    // Not those that went while this waited.
    private async Task<IReadOnlyList<Order<PlugNetwork>>> NetworksToPlug(CancellationToken ct)
    {
        var served = await db.ServedByAsync(State.RouterId, ct);
        return await NetworkOnHost.ToPlugAsync(db, [.. State.Networks.Intersect(served)], (await NewTwinAsync(ct))!.HostId, ct);
    }

    private async Task ChooseCards(CancellationToken ct)
    {
        var host = (await NewTwinAsync(ct))!.HostId;
        var there = db.Set<NetworkOnHost>().Where(n => n.HostId == host && n.Ready);
        var cards = db.Set<RouterCard>().Where(c => c.RouterId == State.RouterId && there.Any(n => n.NetworkId == c.NetworkId));
        State = State with { Cards = await cards.OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(ct) };
    }

    private async Task StartTwin(CancellationToken ct)
    {
        var (router, twin) = (await RouterAsync(ct), (await NewTwinAsync(ct))!);
        var cards = await db.CardsAsync(c => State.Cards!.Contains(c.Id), ct);
        var domain = RouterDomain.Describe(router, twin.DomainId, cards, isShut: true, twin.Made);
        await hosts.EnsureAsync(twin.HostId, router.Subject, new EnsureDomain(domain), ct);
        twin.DomainFence = Row.Fence;
    }

    private async Task DestroyTwin(CancellationToken ct)
    {
        if (await NewTwinAsync(ct) is not { } twin) return;
        await hosts.EnsureAsync(twin.HostId, (await RouterAsync(ct)).Subject, new EnsureNoDomain(twin.DomainId), ct);
    }

    // Meanwhile nobody else may tell the old one what its users change.
    private async Task<bool> TwinAnswers(CancellationToken ct)
    {
        var (router, twin) = (await RouterAsync(ct), (await NewTwinAsync(ct))!);
        var host = router.HostId!.Value;
        if (await configurations.LagsAsync(router, ct) && (await hosts.ReadAsync(host, new ReadRouter(router.ServingId, IsBrief: true), ct)).Answers)
            await configurations.ApplyAsync(router, host, hosts, ct);
        return (await hosts.ReadAsync(twin.HostId, new ReadRouter(twin.DomainId, IsBrief: true), ct)).Answers;
    }

    private async Task ConfigureTwin(CancellationToken ct) =>
        await configurations.ApplyAsync(await RouterAsync(ct), (await NewTwinAsync(ct))!, State.Cards!, hosts, ct);

    private async Task HandConnectionsOver(CancellationToken ct)
    {
        var (router, twin) = (await RouterAsync(ct), (await NewTwinAsync(ct))!);
        await HandOverAsync(router, (router.HostId!.Value, router.ServingId), (twin.HostId, twin.DomainId), ct);
    }

    private async Task ChangePlaces(CancellationToken ct)
    {
        if (await NewTwinAsync(ct) is not { } twin) return;
        var router = await RouterAsync(ct);
        await SwitchAsync(router, twin, toTwin: true, ct);
        router.ChangePlaces(twin);
        if (State.Made is { } made) (await db.Set<RouterScope>().SingleAsync(s => s.Id == router.ScopeId, ct)).MakeRoutersOf(made);
        foreach (var card in await db.Set<RouterCard>().Where(c => c.RouterId == router.Id).ToListAsync(ct))
            router.Plug(card, State.Cards!.Contains(card.Id));
    }

    private async Task ChangeBack(CancellationToken ct)
    {
        if (await NewTwinAsync(ct) is { } twin) await SwitchAsync(await RouterAsync(ct), twin, toTwin: false, ct);
    }

    // What was opened between the first look and the change.
    private async Task HandLateConnectionsOver(CancellationToken ct)
    {
        if (await TwinAsync(ct) is not { } old) return;
        var router = await RouterAsync(ct);
        await HandOverAsync(router, (old.HostId, old.DomainId), (router.HostId!.Value, router.ServingId), ct);
    }

    private async Task<IReadOnlyList<Order<EndTwin>>> OldDomain(CancellationToken ct) => [EndTwin.For(await RouterAsync(ct))];

    // One that cannot say what it tracks is rebuilt all the same.
    private async Task HandOverAsync(Router router, (Id<Host> Host, Guid Domain) from, (Id<Host> Host, Guid Domain) to, CancellationToken ct)
    {
        var tracked = await hosts.ReadAsync(from.Host, new ReadRouterConnections(from.Domain), ct);
        await hosts.EnsureAsync(to.Host, router.Subject, new EnsureRouterConnections(to.Domain, tracked.Packed ?? []), ct);
    }

    private async Task SwitchAsync(Router router, RouterTwin twin, bool toTwin, CancellationToken ct)
    {
        var old = (await db.CardsAsync(c => c.RouterId == router.Id && c.IsIn, ct)).DoorsOf(router, router.ServingId);
        var anew = (await db.CardsAsync(c => State.Cards!.Contains(c.Id), ct)).DoorsOf(router, twin.DomainId);
        var from = (Host: router.HostId!.Value, Domain: router.ServingId, Doors: old);
        var to = (Host: twin.HostId, Domain: twin.DomainId, Doors: anew);
        if (!toTwin) (from, to) = (to, from);
        // Between hosts the moments of both differ by a little, and for that long there are two, or none.
        await hosts.EnsureTogetherAsync(router.Subject,
            from.Host == to.Host
                ? [(to.Host, new EnsureDoors(to.Domain, from.Doors, to.Doors))]
                : [(from.Host, new EnsureDoors(from.Domain, from.Doors, [])), (to.Host, new EnsureDoors(to.Domain, [], to.Doors))], ct);
    }
}
