using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>A virtual machine as a host sees it.</summary>
internal static class GuestDomain
{
    public static DomainSpec Describe(VirtualMachine vm, IEnumerable<Volume> volumes, IEnumerable<(Nic Nic, int Mtu)> nics) => new()
    {
        Id = vm.Id.Value,
        Name = vm.InstanceName,
        Vcpus = vm.Cpus,
        CpuMhz = vm.CpuMhz,
        MemoryMib = vm.MemoryMib,
        Disks = [.. volumes.OrderBy(v => v.DeviceId).Select(v => new DiskSpec(v.PoolId!.Value.Value, v.Id.Value))],
        Nics = [.. nics.OrderBy(n => n.Nic.DeviceId).Select(n => new NicSpec(n.Nic.Id.Value, n.Nic.Mac, n.Nic.NetworkId.Value, n.Mtu))],
    };
}
