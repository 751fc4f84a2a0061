using Stratiform.Management.Events;

namespace Stratiform.Management.Networking;

/// <summary>What is recorded about networks.</summary>
internal static class NetworkEvents
{
    public static readonly EventType Created = new("NETWORK.CREATE") { Of = ["createNetwork"] };
    public static readonly EventType Updated = new("NETWORK.UPDATE") { Of = ["updateNetwork"] };
    public static readonly EventType Deleted = new("NETWORK.DELETE") { Of = ["deleteNetwork"] };
    public static readonly EventType OfferingCreated = new("NETWORK.OFFERING.CREATE") { Of = ["createNetworkOffering"] };
    public static readonly EventType OfferingEdited = new("NETWORK.OFFERING.EDIT") { Of = ["updateNetworkOffering"] };
    public static readonly EventType OfferingDeleted = new("NETWORK.OFFERING.DELETE") { Of = ["deleteNetworkOffering"] };
    public static readonly EventType RangeCreated = new("VLAN.IP.RANGE.CREATE") { Of = ["createVlanIpRange"] };
    public static readonly EventType RangeDeleted = new("VLAN.IP.RANGE.DELETE") { Of = ["deleteVlanIpRange"] };
}
