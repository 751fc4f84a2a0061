using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage.Workflows;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage.Reconcilers;

/// <summary>Gives hosts that booted anew their pools and networks back, before anything runs on them.</summary>
public sealed class HostSync(CloudDb db, WorkflowQueue queue) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(15);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var booted = await (
            from host in db.Set<Host>()
            join sight in db.Set<HostSight>() on host.Id equals sight.HostId
            where sight.State == HostState.Up && sight.BootId != sight.ConnectedBootId
            select host).ToListAsync(ct);
        foreach (var host in booted) await queue.EnqueueUnlessPendingAsync(ConnectHost.For(host, isNew: false), ct);
    }
}
