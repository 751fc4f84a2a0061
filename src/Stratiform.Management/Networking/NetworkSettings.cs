using Stratiform.Management.Settings;

namespace Stratiform.Management.Networking;

/// <summary>The settings of guest networks.</summary>
internal static class NetworkSettings
{
    private const int Day = 24 * 3600;

    public static readonly Setting<int> GcInterval = new(
        "network.gc.interval", 600, "Seconds between two looks for networks in which nothing runs")
    {
        Within = (1, Day),
        Group = "Network",
        Subgroup = "Network",
    };

    public static readonly Setting<int> GcWait = new(
        "network.gc.wait", 600, "Seconds that a router has lived before its network, in which nothing runs, is shut down")
    {
        Within = (0, 30 * Day),
        Group = "Network",
        Subgroup = "Network",
    };

    public static readonly Setting<int> MostNicAddresses = new(
        "vm.network.nic.max.secondary.ipaddresses", 10, "Further addresses that a card can have")
    {
        Within = (0, 250),
        Group = "Network",
        Subgroup = "Network",
    };
}
