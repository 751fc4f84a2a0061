using Stratiform.Management.Images;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>A virtual machine as a host sees it.</summary>
internal static class GuestDomain
{
    public static DomainSpec Describe(
        VirtualMachine vm, IReadOnlyList<Volume> volumes, IReadOnlyList<NicSpec> nics, bool bootsFromIso = false) => new()
        {
            Id = vm.Id.Value,
            Name = vm.InstanceName,
            Vcpus = vm.Cpus,
            CpuMhz = vm.CpuMhz,
            MemoryMib = vm.MemoryMib,
            Cdrom = vm.IsoId is { } iso ? PlaceOf(iso, volumes) : null,
            BootsFromCdrom = bootsFromIso,
            Disks = [.. volumes.OrderBy(v => v.DeviceId).Select(v => new DiskSpec(v.PoolId!.Value.Value, v.Id.Value))],
            Nics = nics,
        };

    /// <summary>Where the guest's host finds an ISO: on the pool of its root disk.</summary>
    public static ImageOnPool PlaceOf(Id<Template> iso, IReadOnlyList<Volume> volumes)
    {
        var pool = volumes.MinBy(v => v.DeviceId)!.PoolId!.Value;
        return new(pool.Value, PoolImage.IdOf(iso, pool).Value);
    }
}
