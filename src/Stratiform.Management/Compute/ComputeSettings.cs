using Stratiform.Management.Networking;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Compute;

/// <summary>The settings of virtual machines.</summary>
internal static class ComputeSettings
{
    private const int Day = 24 * 3600;

    public static readonly Setting<int> ExpungeDelay = new(
        "expunge.delay", Day, "Seconds for which a destroyed virtual machine can be recovered before it is expunged")
    {
        Within = (1, 365 * Day),
        Group = "Compute",
        Subgroup = "Virtual Machine",
    };

    public static readonly Setting<int> ExpungeInterval = new(
        "expunge.interval", 300, "Seconds between two looks for destroyed virtual machines to expunge")
    {
        Within = (1, 7 * Day),
        Group = "Compute",
        Subgroup = "Virtual Machine",
    };

    public static readonly Setting<int> VmStatsInterval = new(
        "vm.stats.interval", 60_000, "Milliseconds between two times that hosts are asked what virtual machines have received and sent")
    {
        Within = (1000, Day * 1000),
        Group = "Compute",
        Subgroup = "Virtual Machine",
    };

    public static readonly Setting<int> PasswordLength = new(
        "vm.password.length", 12, "Characters of a password that is made for a guest")
    {
        Within = (6, 64),
        Group = "Compute",
        Subgroup = "Virtual Machine",
    };

    public static readonly Setting<int> ThrottlingRate = new(
        "vm.network.throttling.rate", 0,
        "What a guest's default card passes each way, Mbit/s, where its service offering does not say; 0 for no limit")
    {
        Within = (0, Rates.Most),
        Group = "Compute",
        Subgroup = "Network",
    };

    public static readonly Setting<string> WorkerOffering = new(
        "secstorage.service.offering", "", "Id or name of the system offering that secondary storage VMs are made of; empty for the built-in one")
    {
        ObjectionNow = SystemOfferings.ObjectionAsync,
        Group = "Storage",
        Subgroup = "Secondary Storage",
    };
}
