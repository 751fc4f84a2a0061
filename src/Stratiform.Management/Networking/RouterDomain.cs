using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>
/// A domain that serves as a router, or is to, as a host sees it: the system-VM image with a card in each network that it serves and one in
/// the public network, if it goes there.
/// </summary>
internal static class RouterDomain
{
    /// <param name="router">The router.</param>
    /// <param name="domain">Which of its domains.</param>
    /// <param name="cards">Its cards, with their networks.</param>
    /// <param name="isShut">True while another domain serves.</param>
    /// <param name="made">What it is made of; what the router is unless said.</param>
    public static DomainSpec Describe(
        Router router, Guid domain, IEnumerable<(RouterCard Card, Network Network)> cards, bool isShut = false, RouterMake? made = null)
    {
        var size = made ?? router.Made;
        var inside = cards.Select(of => of.Card.Describe(of.Network, domain));
        var toOutside = new NicSpec(PublicNicIn(router, domain), PublicMacOf(router), HostNetworks.Public.NetworkId, HostNetworks.Mtu);
        return new()
        {
            Id = domain,
            Name = Router.NameOf(domain),
            Vcpus = size.Cpus,
            CpuMhz = size.CpuMhz,
            MemoryMib = size.MemoryMib,
            Kernel = SystemVmImage.Boot("router", arch: size.Arch),
            Nics = [.. inside.Concat(router.IsOutside ? [toOutside] : []).Select(card => card with { IsShut = isShut })],
        };
    }

    /// <summary>What one of its domains needs of a host.</summary>
    public static PlacementRequest RoomFor(Router router, Guid domain, RouterMake made) => new()
    {
        OwnerId = domain,
        ZoneId = router.ZoneId,
        Cpus = made.Cpus,
        CpuMhz = (long)made.CpuMhz * made.Cpus,
        MemoryMib = made.MemoryMib,
        HostTags = [.. made.HostTags],
        Image = SystemVmImage.Of(made.Arch),
    };

    public static string PublicMacOf(Router router) => Nic.MacOf(router.PublicNicId);

    /// <summary>By what the domain's host knows the card in the public network.</summary>
    public static Guid PublicNicIn(Router router, Guid domain) =>
        domain == router.Id.Value ? router.PublicNicId : Protocol.Id.Derive(router.PublicNicId, $"{domain}");
}
