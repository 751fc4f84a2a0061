using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Tells a host all that security groups mean for it now. One serves all who wait for it; nothing is undone, the newest is what is wanted.</summary>
public sealed class ApplyGroups(CloudDb db, Hosts hosts, GroupsOnHost groups) : Workflow<ApplyGroups.Memory>
{
    /// <summary>What the step remembers.</summary>
    /// <param name="HostId">The host.</param>
    public sealed record Memory(Id<Host> HostId);

    public static Order<ApplyGroups> For(Id<Host> host) => new()
    {
        State = new Memory(host),
        Subjects = [HostGroups.SubjectOf(host)],
        InstanceKind = nameof(Host),
        InstanceId = host.Value,
    };

    protected override void Define(Plan plan) => plan.Do(Tell);

    private async Task Tell(CancellationToken ct)
    {
        var boot = await db.Set<HostSight>().Where(s => s.HostId == State.HostId).Select(s => s.BootId).SingleOrDefaultAsync(ct);
        // The generation is read before what it covers: a change in between is told early, never missed.
        if (boot is null || await db.Set<HostGroups>().SingleOrDefaultAsync(g => g.HostId == State.HostId, ct) is not { } known) return;
        var wanted = known.Wanted;
        if (known.Applied >= wanted && known.BootId == boot) return;
        await hosts.EnsureAsync(State.HostId, HostGroups.SubjectOf(State.HostId), await groups.ReadAsync(State.HostId, ct), ct);
        known.Told(wanted, boot);
    }
}
