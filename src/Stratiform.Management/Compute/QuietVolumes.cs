using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;

namespace Stratiform.Management.Compute;

/// <summary>Which volumes can be copied: those that nobody writes. It lies in this slice since virtual machines do.</summary>
internal static class QuietVolumes
{
    /// <summary>Refuses a volume without content, and one whose virtual machine may write it.</summary>
    /// <param name="db">The state.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">It is not ready, or not quiet.</exception>
    public static async Task RequireQuietAsync(this CloudDb db, Volume volume, CancellationToken ct)
    {
        if (volume.State != VolumeState.Ready)
            throw Refusal.Parameter($"The volume {volume.Name} is {volume.State}; only one that is Ready on a storage pool can be copied.");
        if (volume.VirtualMachineId is not { } id) return;
        var vm = await db.Set<VirtualMachine>().Where(v => v.Id == new Protocol.Id<VirtualMachine>(id)).Select(v => new { v.DisplayName, v.State }).SingleOrDefaultAsync(ct);
        if (vm is null || vm.State == VmState.Stopped) return;
        throw Refusal.Parameter(
            $"The volume {volume.Name} is attached to the virtual machine {vm.DisplayName}, which is {vm.State}; stop that first (stopVirtualMachine).");
    }
}
