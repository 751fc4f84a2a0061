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

    public static readonly Setting<double> DisableThreshold = new(
        "pool.storage.capacity.disablethreshold", 0.85,
        "The part of a pool that may be in use before no more disks are placed on it, and what nobody needs there goes at once")
    {
        Within = (0.01, 1),
        Group = "Storage",
        Subgroup = "Primary Storage",
    };
}
