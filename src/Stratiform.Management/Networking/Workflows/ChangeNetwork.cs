using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Changes a network in place: its offering, its search domain, whom its router asks for names, the address that its guests go out by, how large packets are. It ends when its router does so, or with all as it was.</summary>
public sealed class ChangeNetwork(CloudDb db, RoutersInStep routers, Limits limits) : Workflow<ChangeNetwork.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="NetworkId">The network.</param>
    /// <param name="Change">What is asked for.</param>
    /// <param name="Back">What undoes it; null while nothing was changed.</param>
    /// <param name="Generations">The generation that the network's router must have applied.</param>
    public sealed record Memory(Id<Network> NetworkId, NetworkChange Change, NetworkChange? Back = null, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ChangeNetwork> For(Network network, NetworkChange change) => new()
    {
        State = new Memory(network.Id, change),
        // Not the network itself: others must be able to bring its router back while this waits.
        Subjects = [new(SubjectKinds.NetworkChange, network.Id.Value)],
        InstanceKind = nameof(Network),
        InstanceId = network.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(Change).Undo(ChangeBack)
        .Run(RouterThatNeedsRoom)
        .Until(RouterKnowsIt, TimeSpan.FromMinutes(5))
        .Run(WhatItNeedsNow);

    private Task<Network?> IfThereAsync(CancellationToken ct) => db.Set<Network>().SingleOrDefaultAsync(n => n.Id == State.NetworkId, ct);

    private async Task Change(CancellationToken ct)
    {
        var network = await IfThereAsync(ct) ?? throw Refusal.Conflict("The network was deleted meanwhile; nothing was changed.");
        if (State.Change.OfferingId is { } id)
        {
            var next = await db.Set<NetworkOffering>().SingleOrDefaultAsync(o => o.Id == id, ct) ?? throw Refusal.Conflict("The network offering was deleted meanwhile; nothing was changed.");
            await OfferingChanges.RequireFitsAsync(db, network, next, ct);
        }
        if (State.Change.SourceNat is not null) await db.RequireNoVpnAsync(GoesOut.Of(network), ct);
        State = State with { Back = await MakeAsync(network, State.Change, ct) };
        InCommit((commit, token) => RoutersInStep.RaiseForChangeAsync(commit, network.Id, token));
    }

    private async Task ChangeBack(CancellationToken ct)
    {
        if (State.Back is not { } back || await IfThereAsync(ct) is not { } network) return;
        await MakeAsync(network, back with { SourceNat = null }, ct);
        if (back.SourceNat is { } before) InCommit((commit, token) => SourceNats.GoBackToAsync(commit, limits, GoesOut.Of(network), before, token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, network.Id, token));
    }

    private bool Grows => State is { Change.Mtu: { } mtu, Back.Mtu: { } before } && mtu > before;

    // A card takes no larger packets than it was booted for.
    private async Task<IReadOnlyList<Order<RestartNetwork>>> RouterThatNeedsRoom(CancellationToken ct) =>
        Grows && await IfThereAsync(ct) is { State: NetworkState.Implemented } network ? [RestartNetwork.For(network, cleanup: true)] : [];

    private async Task<bool> RouterKnowsIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync([State.NetworkId], ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    // One that is persistent from now on waits for no guest.
    private async Task<IReadOnlyList<Order<ImplementNetwork>>> WhatItNeedsNow(CancellationToken ct)
    {
        if (await IfThereAsync(ct) is not { State: NetworkState.Allocated } network) return [];
        return await db.Set<NetworkOffering>().IgnoreQueryFilters().AnyAsync(o => o.Id == network.OfferingId && o.IsPersistent, ct) ? [ImplementNetwork.For(network)] : [];
    }

    // Answers what undoes it.
    private async Task<NetworkChange> MakeAsync(Network network, NetworkChange change, CancellationToken ct)
    {
        var back = NetworkChange.None;
        if (change.OfferingId is { } offering)
        {
            back = back with { OfferingId = network.OfferingId };
            network.OfferingId = offering;
        }
        if (change.NetworkDomain is { } domain)
        {
            back = back with { NetworkDomain = network.NetworkDomain };
            network.NetworkDomain = domain;
        }
        if (change.NameServers is { } servers)
        {
            back = back with { NameServers = network.NameServers };
            network.NameServers = [.. servers];
        }
        if (change.Mtu is { } mtu)
        {
            back = back with { Mtu = network.Mtu };
            network.Mtu = mtu;
        }
        if (change.PublicMtu is { } outside)
        {
            var scope = await db.Set<RouterScope>().SingleAsync(s => s.Id == network.ScopeId, ct);
            back = back with { PublicMtu = scope.PublicMtu };
            scope.PublicMtu = outside;
        }
        if (change.SourceNat is { } choice)
        {
            var by = GoesOut.Of(network);
            back = back with { SourceNat = await db.SourceNatNowAsync(by, ct) };
            InCommit((commit, token) => SourceNats.GoOutByAsync(commit, limits, by, choice, token));
        }
        return back;
    }
}
