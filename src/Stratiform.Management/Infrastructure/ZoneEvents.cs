using Stratiform.Management.Events;

namespace Stratiform.Management.Infrastructure;

/// <summary>What is recorded about zones and their wires.</summary>
internal static class ZoneEvents
{
    public static readonly EventType Created = new("ZONE.CREATE") { Of = ["createZone"] };
    public static readonly EventType Edited = new("ZONE.EDIT") { Of = ["updateZone"] };
    public static readonly EventType Deleted = new("ZONE.DELETE") { Of = ["deleteZone"] };
    public static readonly EventType PodCreated = new("POD.CREATE") { Of = ["createPod"] };
    public static readonly EventType PodEdited = new("POD.EDIT") { Of = ["updatePod"] };
    public static readonly EventType PodDeleted = new("POD.DELETE") { Of = ["deletePod"] };
    public static readonly EventType WiresCreated = new("PHYSICAL.NETWORK.CREATE") { Of = ["createPhysicalNetwork"] };
    public static readonly EventType WiresUpdated = new("PHYSICAL.NETWORK.UPDATE") { Of = ["updatePhysicalNetwork"] };
    public static readonly EventType WiresDeleted = new("PHYSICAL.NETWORK.DELETE") { Of = ["deletePhysicalNetwork"] };
    public static readonly EventType StorageRangeCreated = new("STORAGE.IP.RANGE.CREATE") { Of = ["createStorageNetworkIpRange"] };
    public static readonly EventType StorageRangeDeleted = new("STORAGE.IP.RANGE.DELETE") { Of = ["deleteStorageNetworkIpRange"] };
    public static readonly EventType TrafficAdded = new("TRAFFIC.TYPE.CREATE") { Of = ["addTrafficType"] };
}
