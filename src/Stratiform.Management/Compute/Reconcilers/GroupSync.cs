using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Reconcilers;

/// <summary>Tells hosts what they missed of security groups: while they were away, and after each of their boots.</summary>
public sealed class GroupSync(GroupsInStep groups, WorkflowQueue queue) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(15);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        foreach (var (host, _, state) in await groups.BehindAsync(among: null, ct))
        {
            if (state == HostState.Up) await queue.EnqueueUnlessPendingAsync(ApplyGroups.For(host.Id), ct);
        }
    }
}
