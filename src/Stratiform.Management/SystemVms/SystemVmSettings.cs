using Stratiform.Management.Settings;

namespace Stratiform.Management.SystemVms;

/// <summary>The settings of secondary storage VMs: how many there are, and what they are like.</summary>
internal static class SystemVmSettings
{
    private const string Storage = "Storage";
    private const string Secondary = "Secondary Storage";

    public static readonly Setting<int> SessionMax = new(
        "secstorage.session.max", 50, "Transfers that one secondary storage VM has at a time")
    {
        Within = (1, 1000),
        Group = Storage,
        Subgroup = Secondary,
    };

    public static readonly Setting<int> CapacityStandby = new(
        "secstorage.capacity.standby", 10, "Transfers that a zone's secondary storage VMs could begin at once, besides those under way")
    {
        Within = (0, 10_000),
        Group = Storage,
        Subgroup = Secondary,
    };

    public static readonly Setting<bool> ReserveCapacity = new(
        "system.vm.auto.reserve.capacity", true, "Keeps system VMs for transfers that are still to come; off, they come with the transfers")
    {
        Group = Storage,
        Subgroup = Secondary,
    };

    public static readonly Setting<bool> ScaleDown = new(
        "secstorage.vm.auto.scale.down", true, "Takes idle secondary storage VMs away that are not needed any more")
    {
        Group = Storage,
        Subgroup = Secondary,
    };

    public static readonly Setting<int> QuietSeconds = new(
        "secstorage.vm.scale.down.quiet", 120, "How long a secondary storage VM is idle before it is taken away, seconds")
    {
        Within = (1, 86_400),
        Group = Storage,
        Subgroup = Secondary,
    };

    public static readonly Setting<int> StorageMtu = new(
        "secstorage.vm.mtu.size", 1500, "MTU of secondary storage VMs' cards in the storage network, bytes; from their next boot")
    {
        Within = (1280, 9216),
        Group = Storage,
        Subgroup = Secondary,
    };
}
