using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Takes a card out of a router that serves on without it. Nothing is undone: a card that stays in waits for the next attempt, or is plugged in
/// again by RouterSync.
/// </summary>
public sealed class UnplugRouter(CloudDb db, Hosts hosts, RouterConfigurations configurations) : Workflow<UnplugRouter.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RouterId">The router.</param>
    /// <param name="NetworkId">The network that it leaves.</param>
    public sealed record Memory(Id<Router> RouterId, Id<Network> NetworkId);

    public static Order<UnplugRouter> For(Router router, Id<Network> network) => new()
    {
        State = new Memory(router.Id, network),
        Subjects = Routers.Subjects(router, [network]),
        InstanceKind = nameof(Network),
        InstanceId = network.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(LeaveRouter)
        .Do(Configure)
        .Until(CardIsOut, TimeSpan.FromMinutes(2))
        .Do(RemoveCard);

    private Task<Router?> RouterAsync(CancellationToken ct) => db.Set<Router>().SingleOrDefaultAsync(r => r.Id == State.RouterId, ct);

    private Task<RouterCard?> CardAsync(CancellationToken ct) =>
        db.Set<RouterCard>().SingleOrDefaultAsync(c => c.RouterId == State.RouterId && c.NetworkId == State.NetworkId, ct);

    private async Task LeaveRouter(CancellationToken ct)
    {
        if (await RouterAsync(ct) is not { } router || await CardAsync(ct) is not { } card) return;
        router.Plug(card, isIn: false);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, router.ScopeId, token));
    }

    // A configuration that names a card which is gone would be refused.
    private async Task Configure(CancellationToken ct)
    {
        if (await RouterAsync(ct) is { State: VmState.Running, HostId: { } host } router) await configurations.ApplyAsync(router, host, hosts, ct);
    }

    private async Task<bool> CardIsOut(CancellationToken ct)
    {
        if (await RouterAsync(ct) is not { State: VmState.Running, HostId: { } host } router || await CardAsync(ct) is not { } card) return true;
        var network = await db.Set<Network>().SingleAsync(n => n.Id == State.NetworkId, ct);
        return !(await hosts.EnsureAsync(host, router.Subject, new EnsureNoNic(router.ServingId, card.Describe(network, router.ServingId)), ct)).IsIn;
    }

    private async Task RemoveCard(CancellationToken ct)
    {
        if (await CardAsync(ct) is not { } card) return;
        db.Remove(card);
        (await RouterAsync(ct))?.ForgetCard();
    }
}
