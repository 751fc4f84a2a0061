using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Takes back all a network was given: its router or its card in a router of several, its places on hosts, its number, the address its
/// guests go out by. It ends as Allocated, with the addresses and rules that its owner made, or removed with all of them when that was
/// asked for. What was begun goes on to its end: a network half gone helps nobody, so nothing is undone.
/// </summary>
public sealed class ShutNetworkDown(
    CloudDb db, Hosts hosts, RouterConfigurations configurations, IEnumerable<IGuestsOfNetwork> guests, Quarantine quarantine, TimeProvider clock)
    : Workflow<ShutNetworkDown.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="NetworkId">The network.</param>
    /// <param name="Remove">True deletes the network as well.</param>
    /// <param name="From">It came from here: a failure leads back while nothing is gone.</param>
    /// <param name="Began">True once things go, and the only way is on.</param>
    /// <param name="EndsRouter">True when the router served nothing else, and goes as well.</param>
    public sealed record Memory(Id<Network> NetworkId, bool Remove, NetworkState? From = null, bool Began = false, bool EndsRouter = false);

    public static Order<ShutNetworkDown> For(Network network, IReadOnlyList<Router> routers, bool remove) => new()
    {
        State = new Memory(network.Id, remove),
        Subjects = Routers.Subjects(routers, [network.Id]),
        InstanceKind = nameof(Network),
        InstanceId = network.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkShuttingDown).Undo(MarkAsFound)
        .Do(NobodyUsesIt)
        .Do(LeaveRouter)
        .Do(Configure)
        .Until(CardIsOut, TimeSpan.FromMinutes(2))
        .Run(TwinOfRouter)
        .Do(DestroyRouter)
        .Do(RemoveRouter)
        .Do(Unplug)
        .Do(ForgetHosts)
        .Do(ReleaseAddresses)
        .Do(MarkDown);

    private async Task<Network> NetworkAsync(CancellationToken ct) =>
        await db.Set<Network>().SingleOrDefaultAsync(n => n.Id == State.NetworkId, ct)
        ?? throw Api.Refusal.Parameter($"The network {State.NetworkId} was removed.");

    private Task<List<Router>> RoutersAsync(CancellationToken ct) => db.RoutersOfAsync(State.NetworkId, ct);

    private Task<RouterCard> CardAsync(Router router, CancellationToken ct) =>
        db.Set<RouterCard>().SingleAsync(c => c.RouterId == router.Id && c.NetworkId == State.NetworkId && c.GatewayId == null, ct);

    private Task<bool> ServesOthersAsync(Router router, CancellationToken ct) =>
        db.Set<RouterCard>().AnyAsync(c => c.RouterId == router.Id && c.NetworkId != State.NetworkId && c.GatewayId == null, ct);

    private async Task MarkShuttingDown(CancellationToken ct)
    {
        var network = await NetworkAsync(ct);
        State = State with { From = network.State };
        network.MarkShuttingDown();
    }

    // After the mark is written: who starts a guest later sees it and waits, who started before is seen here.
    private async Task NobodyUsesIt(CancellationToken ct)
    {
        var network = await NetworkAsync(ct);
        foreach (var owner in guests)
        {
            if (await owner.AnyAsync(network.Id, activeOnly: !State.Remove, ct))
                throw Api.Refusal.InUse($"Virtual machines still use the network {network.Name}; destroy and expunge them first.");
        }
        var isDialled = network.VpcId is null && await db.Set<RemoteAccessVpn>().AnyAsync(v => v.ScopeId == network.ScopeId, ct);
        if (isDialled && !State.Remove && State.From == NetworkState.Implemented)
            throw Api.Refusal.InUse($"Clients of its remote access VPN use the network {network.Name}; delete that first (deleteRemoteAccessVpn).");
        await PrivateGateways.RequireNoneInAsync(db, network, ct);
        if (State.Remove) await InternalBalancers.RequireNoneOfOthersInAsync(db, network, ct);
        State = State with { Began = true };
    }

    // A network half gone stays in Shutdown, where NetworkGc finds it and goes on.
    private async Task MarkAsFound(CancellationToken ct)
    {
        if (State.Began) return;
        if (State.From == NetworkState.Implemented) (await NetworkAsync(ct)).MarkImplemented();
        if (State.From == NetworkState.Allocated) (await NetworkAsync(ct)).MarkAllocated();
    }

    private async Task LeaveRouter(CancellationToken ct)
    {
        var routers = await RoutersAsync(ct);
        if (routers.Count == 0) return;
        State = State with { EndsRouter = !await ServesOthersAsync(routers[0], ct) };
        if (State.EndsRouter) return;
        foreach (var router in routers) router.Plug(await CardAsync(router, ct), isIn: false);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, routers[0].ScopeId, token));
    }

    // A configuration that names a card which is gone would be refused.
    private async Task Configure(CancellationToken ct)
    {
        if (State.EndsRouter) return;
        foreach (var router in await RoutersAsync(ct))
        {
            if (router is { State: VmState.Running, HostId: { } host }) await configurations.ApplyAsync(router, host, hosts, ct);
        }
    }

    private async Task<bool> CardIsOut(CancellationToken ct)
    {
        if (State.EndsRouter) return true;
        var isOut = true;
        foreach (var router in await RoutersAsync(ct))
        {
            if (router is not { State: VmState.Running, HostId: { } host }) continue;
            var message = new EnsureNoNic(router.ServingId, (await CardAsync(router, ct)).Describe(await NetworkAsync(ct), router.ServingId));
            isOut &= !(await hosts.EnsureAsync(host, router.Subject, message, ct)).IsIn;
        }
        return isOut;
    }

    private async Task<IReadOnlyList<Order<EndTwin>>> TwinOfRouter(CancellationToken ct)
    {
        var routers = await RoutersAsync(ct);
        var ids = routers.ConvertAll(r => r.Id);
        var twins = await db.Set<RouterTwin>().Where(t => ids.Contains(t.RouterId)).Select(t => t.RouterId).ToListAsync(ct);
        return [.. routers.Where(r => twins.Contains(r.Id)).Select(EndTwin.For)];
    }

    private async Task DestroyRouter(CancellationToken ct)
    {
        if (!State.EndsRouter) return;
        foreach (var router in await RoutersAsync(ct))
        {
            if (router.HostId is { } host) await hosts.EnsureAsync(host, router.Subject, new EnsureNoDomain(router.ServingId), ct);
        }
    }

    private async Task RemoveRouter(CancellationToken ct)
    {
        foreach (var router in await RoutersAsync(ct)) await LeaveAsync(router, ct);
    }

    private async Task LeaveAsync(Router router, CancellationToken ct)
    {
        var isNeeded = await ServesOthersAsync(router, ct);
        db.Remove(await CardAsync(router, ct));
        router.ForgetCard();
        if (isNeeded && !State.EndsRouter) return;
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, router.ServingId, token));
        // Another network came to it meanwhile, and boots it again.
        if (isNeeded)
        {
            router.MarkStopped();
            return;
        }
        db.RemoveRange(await db.GatewayCardsAsync(router.Id, ct));
        router.Remove(clock.GetUtcNow());
    }

    private async Task Unplug(CancellationToken ct)
    {
        var subject = new Subject(SubjectKinds.Network, State.NetworkId.Value);
        foreach (var place in await db.Set<NetworkOnHost>().Where(n => n.NetworkId == State.NetworkId).ToListAsync(ct))
            await hosts.EnsureAsync(place.HostId, subject, new EnsureNoNetwork(State.NetworkId.Value), ct);
    }

    private Task ForgetHosts(CancellationToken ct)
    {
        InCommit((commit, token) => commit.Set<NetworkOnHost>().Where(n => n.NetworkId == State.NetworkId).ExecuteDeleteAsync(token));
        return Task.CompletedTask;
    }

    private async Task ReleaseAddresses(CancellationToken ct)
    {
        var network = await NetworkAsync(ct);
        network.ReleaseVni();
        if (State.Remove) InCommit((commit, token) => commit.Set<NetworkRule>().Where(r => r.NetworkId == State.NetworkId).ExecuteDeleteAsync(token));
        if (State.Remove && network is { VpcId: not null, ScopeId: { } router })
            InCommit((commit, token) => StaticRoute.RemoveLedByAsync(commit, router, network.Subnet, token));
        if (network is not { VpcId: null, ScopeId: { } scope }) return;
        InCommit((commit, token) => commit.Set<RemoteAccessVpn>().Where(v => v.ScopeId == scope).ExecuteDeleteAsync(token));
        var remove = State.Remove;
        await quarantine.BeginAsync(db.Set<PublicIpAddress>().Where(a => a.ScopeId == scope && (!a.IsAcquired || remove)), ct);
        InCommit((commit, token) => Addresses.ReleaseSourceNatAsync(commit, scope, token));
        InCommit((commit, token) => Limits.ReleaseAsync(commit, State.NetworkId.Value, token, ResourceKind.PublicIp));
        if (remove) InCommit((commit, token) => Addresses.ReleaseAcquiredAsync(commit, scope, token));
    }

    private async Task MarkDown(CancellationToken ct)
    {
        var network = await NetworkAsync(ct);
        if (!State.Remove)
        {
            network.MarkAllocated();
            return;
        }
        network.Remove(clock.GetUtcNow());
        InCommit((commit, token) => commit.Set<NetworkPermission>().Where(p => p.NetworkId == network.Id).ExecuteDeleteAsync(token));
        InCommit((commit, token) => Limits.ReleaseAsync(commit, network.Id.Value, token));
    }
}
