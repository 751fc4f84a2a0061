using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A router as a host sees it: the system-VM image with one card in the guest and one in the public network.</summary>
internal static class RouterDomain
{
    public static DomainSpec Describe(Router router, Network network) => new()
    {
        Id = router.Id.Value,
        Name = router.Name,
        Vcpus = 1,
        CpuMhz = router.CpuMhz,
        MemoryMib = router.MemoryMib,
        Kernel = SystemVmImage.Boot("router"),
        Nics =
        [
            new(router.GuestNicId, GuestMacOf(router), network.Id.Value, network.Mtu),
            new(router.PublicNicId, PublicMacOf(router), HostNetworks.Public.NetworkId, HostNetworks.Mtu),
        ],
    };

    public static string GuestMacOf(Router router) => Nic.MacOf(router.GuestNicId);

    public static string PublicMacOf(Router router) => Nic.MacOf(router.PublicNicId);
}
