using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Adds a cluster to a pod. Answered as a list, as clients expect.</summary>
[Command("Adds a cluster to a pod")]
internal sealed record AddCluster : ICommand<ShownList<ClusterWire>>
{
    [Description("The cluster's name")]
    public required string ClusterName { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("Its pod")]
    public required Id<Pod> PodId { get; init; }

    [Description("What runs guests on its hosts: KVM, or Simulator for simulated hosts")]
    public required Hypervisor Hypervisor { get; init; }

    [Description("CloudManaged is the one there is")]
    public required string ClusterType { get; init; }

    [Description("Enabled unless said")]
    public AllocationState? AllocationState { get; init; }
}

internal sealed class AddClusterHandler(CloudDb db, TimeProvider clock) : IHandle<AddCluster, ShownList<ClusterWire>>
{
    public async Task<ShownList<ClusterWire>> HandleAsync(AddCluster command, Caller caller, CancellationToken ct)
    {
        await db.FindAsync(caller, command.ZoneId, ct);
        var pod = await db.FindAsync(caller, command.PodId, ct);
        if (pod.ZoneId != command.ZoneId) throw Refusal.Parameter($"The pod {pod.Name} is not in that zone.");
        if (await db.Set<Cluster>().AnyAsync(c => c.PodId == pod.Id && c.Name == command.ClusterName, ct))
            throw Refusal.Parameter($"The pod {pod.Name} has a cluster named {command.ClusterName} already.");
        var cluster = new Cluster(command.ClusterName, pod, command.Hypervisor, clock.GetUtcNow())
        {
            AllocationState = command.AllocationState ?? AllocationState.Enabled,
        };
        db.Add(cluster);
        return new(cluster.Id.Value);
    }
}
