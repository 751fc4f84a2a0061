using Stratiform.Management.Infrastructure;
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

    public static readonly Setting<int> ThrottlingRate = new(
        "network.throttling.rate", 0,
        "What a guest's card passes each way, Mbit/s, where its network's offering does not say; 0 for no limit, and not of default cards")
    {
        Within = (0, Rates.Most),
        Group = "Network",
        Subgroup = "Network",
    };

    public static readonly Setting<int> RouterStatsInterval = new(
        "router.stats.interval", 300, "Seconds between two times that routers are asked what has come and gone by public addresses and networks")
    {
        Within = (1, Day),
        Group = "Network",
        Subgroup = "Virtual Router",
    };

    public static readonly Setting<int> QuarantineDuration = new(
        "public.ip.address.quarantine.duration", 0, "Minutes for which nobody else gets a public address that an account gave back; 0 for none")
    {
        Within = (0, 365 * 24 * 60),
        Group = "Network",
        Subgroup = "Network",
    };

    public static readonly Setting<bool> RouterChecksEnabled = new(
        "router.health.checks.enabled", true, "Asks routers how they find themselves; what has died or drifted in them they mend in any case")
    {
        Group = "Network",
        Subgroup = "Virtual Router",
    };

    public static readonly Setting<int> RouterCheckInterval = new(
        "router.health.checks.basic.interval", 3, "Minutes between two times that routers are asked how they find themselves")
    {
        Within = (1, 24 * 60),
        Group = "Network",
        Subgroup = "Virtual Router",
    };

    public static readonly Setting<string> ChecksToRecreate = new(
        "router.health.checks.failures.to.recreate.vr", "",
        "Checks (comma separated, of dnsmasq, metadata, haproxy, vpn, interfaces, filter, forwarding, memory, gateway, agent) for which a router is built anew when they fail twice in a row")
    {
        Objection = text => ChecksIn(text).Except(Checks).FirstOrDefault() is null ? null : $"names a check that there is not; there are {string.Join(", ", Checks)}",
        Group = "Network",
        Subgroup = "Virtual Router",
    };

    public static readonly Setting<string> PreferredArch = new(
        "system.vm.preferred.architecture", SystemVmImage.Bits64,
        "What routers are of from their next boot or rebuild on, x86_64 or i386, where their offering does not say and their memory allows it; other system VMs are of x86_64")
    {
        OneOf = [SystemVmImage.Bits64, SystemVmImage.Bits32],
        Group = "Network",
        Subgroup = "Virtual Router",
    };

    private static string[] Checks => ["dnsmasq", "metadata", "haproxy", "vpn", "interfaces", "filter", "forwarding", "memory", "gateway", "agent"];

    /// <summary>The checks of a list.</summary>
    public static IReadOnlyList<string> ChecksIn(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static readonly Setting<int> RouterStateInterval = new(
        "router.check.interval", 30, "Seconds between two times that routers are asked how their VPN connections stand, and which of two serves")
    {
        Within = (1, 3600),
        Group = "Network",
        Subgroup = "Virtual Router",
    };

    public static readonly Setting<int> MostVpnSubnets = new(
        "site2site.vpn.customergateway.subnets.limit", 10, "Networks that a customer gateway can have behind it")
    {
        Within = (1, 100),
        Group = "Network",
        Subgroup = "VPN",
    };

    public static readonly Setting<int> MostVpnConnections = new(
        "site2site.vpn.vpngateway.connection.limit", 4, "Connections that a VPN gateway can have")
    {
        Within = (1, 100),
        Group = "Network",
        Subgroup = "VPN",
    };

    public static readonly Setting<string> ClientIpRange = new(
        "remote.access.vpn.client.iprange", "10.1.2.1-10.1.2.8", "Addresses that clients of remote access VPNs are given, unless the VPN says others (iprange)")
    {
        Objection = ClientRange.Objection,
        Group = "Network",
        Subgroup = "VPN",
    };

    public static readonly Setting<int> ClientKeyLength = new(
        "remote.access.vpn.psk.length", 24, "Characters of the key by which clients know a remote access VPN")
    {
        Within = (8, 256),
        Group = "Network",
        Subgroup = "VPN",
    };

    public static readonly Setting<int> MostVpnUsers = new(
        "remote.access.vpn.user.limit", 8, "VPN users that an account can have")
    {
        Within = (1, 1000),
        Group = "Network",
        Subgroup = "VPN",
    };

    public static readonly Setting<int> MostNicAddresses = new(
        "vm.network.nic.max.secondary.ipaddresses", 10, "Further addresses that a card can have")
    {
        Within = (0, 250),
        Group = "Network",
        Subgroup = "Network",
    };
}
