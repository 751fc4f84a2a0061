using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A router as a host sees it: the system-VM image with a card in each network that it serves and one in the public network, if it goes there.</summary>
internal static class RouterDomain
{
    public static DomainSpec Describe(Router router, params IReadOnlyList<NicSpec> cards) => new()
    {
        Id = router.Id.Value,
        Name = router.Name,
        Vcpus = 1,
        CpuMhz = router.CpuMhz,
        MemoryMib = router.MemoryMib,
        Kernel = SystemVmImage.Boot("router"),
        Nics = router.IsOutside ? [.. cards, new(router.PublicNicId, PublicMacOf(router), HostNetworks.Public.NetworkId, HostNetworks.Mtu)] : cards,
    };

    public static string PublicMacOf(Router router) => Nic.MacOf(router.PublicNicId);
}
