using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms;

/// <summary>A worker as a host sees it: the system-VM image with our program, and a card in each network that it has an address of.</summary>
internal static class SystemVmDomain
{
    /// <param name="vm">The worker.</param>
    /// <param name="storageMtu">MTU of its card in the storage network.</param>
    /// <param name="scratchBytes">Room for unpacking and converting.</param>
    public static DomainSpec Describe(SystemVm vm, int storageMtu, long scratchBytes) => new()
    {
        Id = vm.Id.Value,
        Name = vm.Name,
        Vcpus = vm.Cpus,
        CpuMhz = vm.CpuMhz,
        MemoryMib = vm.MemoryMib,
        Kernel = SystemVmImage.Boot("worker", program: "worker"),
        ScratchBytes = scratchBytes,
        Nics =
        [
            .. vm.ManagementIp is null ? [] : Card(vm.ManagementNicId, HostNetworks.Management, HostNetworks.Mtu),
            .. vm.StorageIp is null ? [] : Card(vm.StorageNicId, HostNetworks.Storage, storageMtu),
            .. Card(vm.PublicNicId, HostNetworks.Public, HostNetworks.Mtu),
        ],
    };

    private static NicSpec[] Card(Guid id, EnsureNetwork network, int mtu) => [new(id, Nic.MacOf(id), network.NetworkId, mtu)];
}
