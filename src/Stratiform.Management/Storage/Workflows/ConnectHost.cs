using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage.Workflows;

/// <summary>Learns what a host is, gives it its pools, and lets the planner use it: after it was added and after each of its boots.</summary>
public sealed class ConnectHost(
    CloudDb db, Hosts hosts, HostPools pools, Enrolments enrolments, Secrets secrets, Duties duties, IEnumerable<ISightDuty> waiting, TimeProvider clock)
    : Workflow<ConnectHost.Memory>
{
    // What the host's own system needs of its memory.
    private const long ReservedMib = 512;

    /// <summary>What the steps remember.</summary>
    /// <param name="HostId">The host.</param>
    /// <param name="IsNew">True when addHost waits for it: a failure removes the host again.</param>
    /// <param name="BootId">The boot that was connected.</param>
    /// <param name="JoinToken">The token that enrols its agent, wrapped, until that is done.</param>
    public sealed record Memory(Id<Host> HostId, bool IsNew, string BootId = "", byte[]? JoinToken = null);

    public static Order<ConnectHost> For(Host host, bool isNew, byte[]? joinToken = null) => new()
    {
        State = new Memory(host.Id, isNew, JoinToken: joinToken),
        Subjects = [host.Subject],
        InstanceKind = nameof(Host),
        InstanceId = host.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(Enrol).Undo(RemoveIfNew).Within(TimeSpan.FromSeconds(15))
        .Do(Describe).Within(TimeSpan.FromSeconds(15))
        .Do(EnsureNetworks).Undo(EnsureNoNetworks)
        .Do(EnsurePools).Undo(EnsureNoPools)
        .Do(MarkUp);

    private Task<Host> HostAsync(CancellationToken ct) => db.Set<Host>().SingleAsync(h => h.Id == State.HostId, ct);

    private async Task Enrol(CancellationToken ct)
    {
        var address = (await HostAsync(ct)).Address;
        if (!State.IsNew || address.Scheme != "https") return;
        var token = State.JoinToken is { } wrapped ? JoinToken.TryParse(secrets.UnwrapText(wrapped)) : null;
        await enrolments.EnrolAsync(address, token, ct);
        State = State with { JoinToken = null };
    }

    private async Task Describe(CancellationToken ct)
    {
        var host = await HostAsync(ct);
        var report = await hosts.ReadAsync(host.Id, new ReadHost(), ct);
        if (await db.Set<Host>().AnyAsync(h => h.MachineId == report.HostId && h.Id != host.Id, ct))
            throw Refusal.Parameter($"The machine {report.Name} ({report.HostId}) is a host of this cloud already.");
        host.Describe(report);
        State = State with { BootId = report.BootId };
    }

    private async Task RemoveIfNew(CancellationToken ct)
    {
        State = State with { JoinToken = null };
        if (State.IsNew) (await HostAsync(ct)).Remove(clock.GetUtcNow());
    }

    private async Task EnsureNetworks(CancellationToken ct)
    {
        var host = await HostAsync(ct);
        foreach (var network in await HostNetworks.OfAsync(db, host.ZoneId, ct)) await hosts.EnsureAsync(host.Id, host.Subject, network, ct);
    }

    private async Task EnsureNoNetworks(CancellationToken ct)
    {
        foreach (var network in HostNetworks.All) await LeaveAsync(new EnsureNoNetwork(network.NetworkId), ct);
    }

    private async Task EnsurePools(CancellationToken ct)
    {
        var host = await HostAsync(ct);
        foreach (var pool in await pools.OfAsync(host, ct)) await pools.EnsureAsync(pool, [host.Id], ct);
    }

    private async Task EnsureNoPools(CancellationToken ct)
    {
        foreach (var pool in await pools.OfAsync(await HostAsync(ct), ct)) await LeaveAsync(new EnsureNoPool(pool.Id.Value), ct);
    }

    // A new host that fell silent keeps what it has: it is no host of ours, and added again it gets the same.
    private async Task LeaveAsync(IEnsure<Done> message, CancellationToken ct)
    {
        if (!State.IsNew) return;
        try
        {
            await hosts.EnsureAsync(State.HostId, new Subject(SubjectKinds.Host, State.HostId.Value), message, ct);
        }
        catch (TransientException)
        {
        }
    }

    private async Task MarkUp(CancellationToken ct)
    {
        var host = await HostAsync(ct);
        foreach (var pool in await pools.OfAsync(host, ct))
            if (pool.State == PoolState.Initialized) pool.State = PoolState.Up;
        var cluster = await db.Set<Cluster>().SingleAsync(c => c.Id == host.ClusterId, ct);
        var capacity = await db.Set<HostCapacity>().SingleOrDefaultAsync(c => c.HostId == host.Id, ct);
        if (capacity is null) db.Add(capacity = new HostCapacity { HostId = host.Id });
        capacity.CpuTotalMhz = (long)(host.Cpus * (long)host.CpuMhz * cluster.CpuOvercommitRatio);
        capacity.MemoryTotalMib = (long)(Math.Max(0, host.MemoryMib - ReservedMib) * cluster.MemoryOvercommitRatio);
        var sight = await db.Set<HostSight>().SingleOrDefaultAsync(s => s.HostId == host.Id, ct);
        if (sight is null) db.Add(sight = new HostSight { HostId = host.Id, Since = clock.GetUtcNow() });
        (sight.State, sight.BootId, sight.ConnectedBootId) = (HostState.Up, State.BootId, State.BootId);
        foreach (var duty in waiting) InCommit((_, token) => duty.NudgeAsync(duties, token));
    }
}
