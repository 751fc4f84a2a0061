using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Audit.Workflows;

/// <summary>
/// Removes something from a host or a pool that nothing in the database owns there, by an operator's word. It waits for whoever works
/// on the thing, and looks again just before it goes. Nothing is undone.
/// </summary>
public sealed class RemoveLeftover(CloudDb db, Hosts hosts, PoolHosts poolHosts, UnfinishedWork work) : Workflow<RemoveLeftover.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="Kind">One of <see cref="LeakKinds"/>.</param>
    /// <param name="WhereId">The host or pool.</param>
    /// <param name="Id">The thing.</param>
    public sealed record Memory(string Kind, Guid WhereId, Guid Id);

    public static Order<RemoveLeftover> FromHost(Id<Host> host, string kind, Guid id) => For(kind, host.Value, id, nameof(Host));

    public static Order<RemoveLeftover> FromPool(Id<StoragePool> pool, string kind, Guid id) => For(kind, pool.Value, id, nameof(StoragePool));

    private static Order<RemoveLeftover> For(string kind, Guid where, Guid id, string instance) => new()
    {
        State = new Memory(kind, where, id),
        Subjects = [new(SubjectKinds.Leftover, id), .. OwnersOf(kind).Select(owner => new Subject(owner, id))],
        InstanceKind = instance,
        InstanceId = where,
    };

    protected override void Define(Plan plan) => plan
        .Do(RemoveIt);

    // Whoever makes such a thing holds one of these: while we hold them, nobody does.
    private static IReadOnlyList<string> OwnersOf(string kind) => kind switch
    {
        LeakKinds.Domain => [SubjectKinds.VirtualMachine, SubjectKinds.Router, SubjectKinds.SystemVm],
        LeakKinds.Network => [SubjectKinds.Network],
        LeakKinds.Volume => [SubjectKinds.Volume],
        _ => [SubjectKinds.Image],
    };

    private bool LiesOnPool => State.Kind is LeakKinds.Volume or LeakKinds.Image;

    private async Task RemoveIt(CancellationToken ct)
    {
        var host = LiesOnPool ? await poolHosts.AnyReachingAsync(new(State.WhereId), ct) : new Id<Host>(State.WhereId);
        var inventory = await hosts.ReadAsync(host, new ReadInventory(), ct);
        if (!IsThere(inventory)) return;
        await RequireLeakAsync(host, inventory, ct);
        await RemoveAsync(host, ct);
    }

    private bool IsThere(HostInventory inventory)
    {
        var pools = inventory.Pools.Where(p => p.Space.PoolId == State.WhereId);
        return State.Kind switch
        {
            LeakKinds.Domain => inventory.Domains.Any(d => d.Id == State.Id && d.Power != PowerState.Absent),
            LeakKinds.Network => inventory.Networks.Contains(State.Id),
            LeakKinds.Volume => pools.Any(p => p.Volumes.Contains(State.Id)),
            _ => pools.Any(p => p.Images.Contains(State.Id)),
        };
    }

    private async Task RequireLeakAsync(Id<Host> host, HostInventory inventory, CancellationToken ct)
    {
        var findings = new Findings(await work.ReadAsync(except: Row.Id, ct));
        await new HostsAudit(db).CompareAsync([new HostAnswer(host, "", inventory, "")], findings, ct);
        if (findings.Leaks.Any(IsIt)) return;
        throw Refusal.Conflict(findings.InProgress.Any(IsIt)
            ? $"The {State.Kind} {State.Id} belongs to work under way; look again (auditCloud) when it has ended."
            : $"The {State.Kind} {State.Id} has an owner: it stays.");
    }

    private bool IsIt(FindingWire finding) =>
        finding.Removable && finding.Kind == State.Kind && finding.Id == State.Id.ToString() && finding.WhereId == State.WhereId.ToString();

    private Task<Done> RemoveAsync(Id<Host> host, CancellationToken ct)
    {
        var subject = new Subject(SubjectKinds.Leftover, State.Id);
        return State.Kind switch
        {
            LeakKinds.Domain => hosts.EnsureAsync(host, subject, new EnsureNoDomain(State.Id), ct),
            LeakKinds.Network => hosts.EnsureAsync(host, subject, new EnsureNoNetwork(State.Id), ct),
            LeakKinds.Volume => hosts.EnsureAsync(host, subject, new EnsureNoVolume(State.WhereId, State.Id), ct),
            _ => hosts.EnsureAsync(host, subject, new EnsureNoImage(State.WhereId, State.Id), ct),
        };
    }
}
