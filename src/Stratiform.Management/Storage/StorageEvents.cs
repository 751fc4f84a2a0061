using Stratiform.Management.Events;

namespace Stratiform.Management.Storage;

/// <summary>What is recorded about disk offerings and volumes.</summary>
internal static class StorageEvents
{
    public static readonly EventType OfferingCreated = new("DISK.OFFERING.CREATE") { Of = ["createDiskOffering"] };
    public static readonly EventType OfferingEdited = new("DISK.OFFERING.EDIT") { Of = ["updateDiskOffering"] };
    public static readonly EventType OfferingDeleted = new("DISK.OFFERING.DELETE") { Of = ["deleteDiskOffering"] };
    public static readonly EventType VolumeExtracted = new("VOLUME.EXTRACT") { Of = ["extractVolume"] };
    public static readonly EventType VolumeUploaded = new("VOLUME.UPLOAD") { Of = ["uploadVolume", "getUploadParamsForVolume"] };
    public static readonly EventType VolumeDeleted = new("VOLUME.DELETE") { Of = ["deleteVolume"] };
}
