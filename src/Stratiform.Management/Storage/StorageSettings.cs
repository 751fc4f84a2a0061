using Stratiform.Management.Settings;

namespace Stratiform.Management.Storage;

/// <summary>The settings of primary storage.</summary>
internal static class StorageSettings
{
    public static readonly Setting<double> OverprovisioningFactor = new(
        "storage.overprovisioning.factor", 2, "Bytes promised to disks for each byte of a pool; thin disks promise more than they fill")
    {
        Within = (1, 100),
        Group = "Storage",
        Subgroup = "Primary Storage",
    };
}
