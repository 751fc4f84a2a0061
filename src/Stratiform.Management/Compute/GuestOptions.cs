using Stratiform.Management.Api;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>Which of a guest's cards are told which DHCP options: a map whose entries name a network and options.</summary>
internal static class GuestOptions
{
    private const string NetworkId = "networkid";

    /// <summary>The options of each network that is named.</summary>
    /// <param name="map">The map; null for none.</param>
    /// <param name="networks">Those that the guest is in.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">An entry names none of them or one twice, or an option is refused (431).</exception>
    public static IReadOnlyDictionary<Id<Network>, IReadOnlyList<DhcpOption>> Read(
        IReadOnlyList<IReadOnlyDictionary<string, string>>? map, IReadOnlyCollection<Network> networks)
    {
        var options = new Dictionary<Id<Network>, IReadOnlyList<DhcpOption>>();
        foreach (var entry in map ?? [])
        {
            var named = entry.GetValueOrDefault(NetworkId) ?? throw Refusal.Parameter("Each entry of dhcpoptionsnetworklist names a network: give networkid.");
            var network = networks.FirstOrDefault(n => Guid.TryParse(named, out var id) && n.Id.Value == id)
                ?? throw Refusal.Parameter($"The virtual machine is not in the network {named} of dhcpoptionsnetworklist.");
            if (!options.TryAdd(network.Id, Of(network, entry))) throw Refusal.Parameter($"The network {network.Name} is twice in dhcpoptionsnetworklist; say all its options in one entry.");
        }
        return options;
    }

    /// <summary>The options of a card in the network.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">Nobody tells guests of the network anything, or one is refused (431).</exception>
    public static IReadOnlyList<DhcpOption> Of(Network network, IReadOnlyDictionary<string, string> entries)
    {
        var options = DhcpOptions.Read(entries);
        return network.IsRouted || options.Count == 0 ? options
            : throw Refusal.Parameter($"The network {network.Name} is layer 2, where nobody tells guests DHCP options; leave them out.");
    }
}
