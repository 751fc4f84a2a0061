using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms;

/// <summary>Where system VMs run, routers and others.</summary>
internal static class SystemVmPlaces
{
    /// <summary>The host, the domain that serves, and what that is called; null when it does not run.</summary>
    public static async Task<(Id<Host> Host, Guid Domain, string Name)?> OfRunningAsync(CloudDb db, Guid systemVm, CancellationToken ct)
    {
        var (router, worker) = (new Id<Router>(systemVm), new Id<SystemVm>(systemVm));
        if (await db.Set<Router>().SingleOrDefaultAsync(r => r.Id == router, ct) is { State: VmState.Running, HostId: { } there } found)
            return (there, found.ServingId, found.Name);
        return await db.Set<SystemVm>().SingleOrDefaultAsync(v => v.Id == worker, ct) is { State: VmState.Running, HostId: { } host } other
            ? (host, systemVm, other.Name) : null;
    }
}
