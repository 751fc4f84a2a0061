using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Changes a cluster; what runs in it goes on.</summary>
[Command("Updates a cluster")]
internal sealed record UpdateCluster : ICommand<Shown<ClusterWire>>
{
    [Description("The cluster")]
    public required Id<Cluster> Id { get; init; }

    [Description("A new name")]
    public string? ClusterName { get; init; }

    [Description("Enabled lets guests be placed here, Disabled places no more")]
    public AllocationState? AllocationState { get; init; }
}

internal sealed class UpdateClusterHandler(CloudDb db, HostRoom room) : IHandle<UpdateCluster, Shown<ClusterWire>>
{
    public async Task<Shown<ClusterWire>> HandleAsync(UpdateCluster command, Caller caller, CancellationToken ct)
    {
        var cluster = await db.FindAsync(caller, command.Id, ct);
        if (command.ClusterName is { } name && await db.Set<Cluster>().AnyAsync(c => c.PodId == cluster.PodId && c.Name == name && c.Id != cluster.Id, ct))
            throw Refusal.Parameter($"The pod has a cluster named {name} already.");
        cluster.Name = command.ClusterName ?? cluster.Name;
        cluster.AllocationState = command.AllocationState ?? cluster.AllocationState;
        room.Forget();
        return new(cluster.Id.Value);
    }
}
