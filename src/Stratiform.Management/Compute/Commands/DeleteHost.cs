using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Takes a host on which nothing runs out of the cloud. It lies in this slice since virtual machines do.</summary>
[Command("Deletes a host")]
internal sealed record DeleteHost : ICommand<SuccessAfter>
{
    [Description("The host")]
    public required Id<Host> Id { get; init; }

    [Description("True forgets a host that does not answer; one with guests is refused all the same, since they may still run")]
    public bool? Forced { get; init; }
}

internal sealed class DeleteHostHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteHost, SuccessAfter>
{
    public async Task<SuccessAfter> HandleAsync(DeleteHost command, Caller caller, CancellationToken ct)
    {
        var host = await db.FindAsync(caller, command.Id, ct);
        var vms = await db.Set<VirtualMachine>().CountAsync(v => v.HostId == host.Id, ct);
        var routers = await db.Set<Router>().CountAsync(r => r.HostId == host.Id, ct)
            + await db.Set<RouterTwin>().CountAsync(t => t.HostId == host.Id, ct);
        if (vms + routers > 0)
        {
            throw Refusal.InUse(
                $"On the host {host.Name} are {vms} virtual machines and {routers} routers; disable it (updateHost allocationstate=Disable), "
                + "stop the virtual machines, and delete their networks or wait until these are shut down.");
        }
        await db.Set<StoragePool>().Where(p => p.HostId == host.Id).RequireNoneAsync($"The host {host.Name}", "storage pool", "deleteStoragePool", ct);
        var plugged = await db.Set<NetworkOnHost>().Where(n => n.HostId == host.Id).Select(n => n.NetworkId).ToListAsync(ct);
        return new(queue.Enqueue(RemoveHost.For(host, plugged, command.Forced == true), caller.Asks).Id);
    }
}
