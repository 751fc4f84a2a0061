using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;
using Host = Stratiform.Management.Infrastructure.Host;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Takes a host on which nothing runs out of the cloud, after what it was told of: networks and pools.</summary>
public sealed class RemoveHost(CloudDb db, Hosts hosts, HostPools pools, TimeProvider clock) : Workflow<RemoveHost.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="HostId">The host.</param>
    /// <param name="Forced">True goes on when the host does not answer.</param>
    public sealed record Memory(Id<Host> HostId, bool Forced);

    public static Order<RemoveHost> For(Host host, IReadOnlyList<Id<Network>> plugged, bool forced) => new()
    {
        State = new Memory(host.Id, forced),
        Subjects = [.. plugged.Select(SubjectOf), host.Subject],
        InstanceKind = nameof(Host),
        InstanceId = host.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(LeavePlanner).Undo(ReturnToPlanner)
        .Do(Unplug).Within(TimeSpan.FromSeconds(15))
        .Do(EnsureNoPools).Within(TimeSpan.FromSeconds(15))
        .Do(EnsureNoNetworks).Within(TimeSpan.FromSeconds(15))
        .Do(MarkRemoved);

    private Subject Subject => new(SubjectKinds.Host, State.HostId.Value);

    private async Task<Host> HostAsync(CancellationToken ct) =>
        await db.Set<Host>().SingleOrDefaultAsync(h => h.Id == State.HostId, ct) ?? throw Refusal.Parameter("The host was deleted.");

    private async Task LeavePlanner(CancellationToken ct)
    {
        var host = await HostAsync(ct);
        if (!State.Forced && !await db.Set<HostSight>().AnyAsync(s => s.HostId == host.Id && s.State == HostState.Up, ct))
            throw Refusal.Unavailable($"The host {host.Name} does not answer; wait for it, or say forced=true to forget it as it is.");
        foreach (var place in await PlacesAsync(ct)) place.Ready = false;
        InCommit((commit, token) => CloseAsync(commit, host, token));
    }

    // Whoever takes a share of the host looks at the same row: either it is gone, or it has a share.
    private static async Task CloseAsync(DbContext commit, Host host, CancellationToken ct)
    {
        await commit.Set<HostCapacity>().Where(c => c.HostId == host.Id && c.CpuPromisedMhz == 0 && c.MemoryPromisedMib == 0).ExecuteDeleteAsync(ct);
        var guests = await commit.Set<HostReservation>().CountAsync(r => r.HostId == host.Id, ct);
        if (guests > 0) throw Refusal.InUse($"{guests} virtual machines and routers have just been placed on the host {host.Name}; disable it first (updateHost).");
    }

    // Connected anew, it gets back what it lost, its place with the planner included.
    private async Task ReturnToPlanner(CancellationToken ct)
    {
        if (await db.Set<HostCapacity>().AnyAsync(c => c.HostId == State.HostId, ct)) return;
        if (await db.Set<HostSight>().SingleOrDefaultAsync(s => s.HostId == State.HostId, ct) is { } sight) sight.ConnectAgain();
    }

    private async Task Unplug(CancellationToken ct)
    {
        foreach (var place in await PlacesAsync(ct))
        {
            var subject = SubjectOf(place.NetworkId);
            if (!Row.Subjects.Contains(subject.ToString()))
                throw Refusal.Conflict("A network has just been plugged into the host; delete the host again.");
            await TellAsync(subject, new EnsureNoNetwork(place.NetworkId.Value), ct);
            db.Remove(place);
        }
    }

    private async Task EnsureNoPools(CancellationToken ct)
    {
        foreach (var pool in await pools.OfAsync(await HostAsync(ct), ct)) await TellAsync(Subject, new EnsureNoPool(pool.Id.Value), ct);
    }

    private async Task EnsureNoNetworks(CancellationToken ct)
    {
        foreach (var network in HostNetworks.All) await TellAsync(Subject, new EnsureNoNetwork(network.NetworkId), ct);
    }

    private async Task MarkRemoved(CancellationToken ct)
    {
        (await HostAsync(ct)).Remove(clock.GetUtcNow());
        InCommit((commit, token) => commit.Set<HostSight>().Where(s => s.HostId == State.HostId).ExecuteDeleteAsync(token));
        InCommit((commit, token) => commit.Set<DomainSight>().Where(s => s.HostId == State.HostId).ExecuteDeleteAsync(token));
    }

    private async Task TellAsync<TAnswer>(Subject subject, IEnsure<TAnswer> message, CancellationToken ct) where TAnswer : class
    {
        try
        {
            await hosts.EnsureAsync(State.HostId, subject, message, ct);
        }
        catch (TransientException) when (State.Forced)
        {
            // It is lost to its operator: who adds it again gets the same networks and pools there.
        }
    }

    private Task<List<NetworkOnHost>> PlacesAsync(CancellationToken ct) =>
        db.Set<NetworkOnHost>().Where(n => n.HostId == State.HostId).ToListAsync(ct);

    private static Subject SubjectOf(Id<Network> network) => new(SubjectKinds.Network, network.Value);
}
