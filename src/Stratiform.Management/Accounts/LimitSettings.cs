using Stratiform.Management.Settings;

namespace Stratiform.Management.Accounts;

/// <summary>What accounts may have when no limit of their own is set; -1 is without limit.</summary>
internal static class LimitSettings
{
    public static readonly Setting<long> VirtualMachines = Limit("max.account.user.vms", 20, "Virtual machines");
    public static readonly Setting<long> PublicIps = Limit("max.account.public.ips", 20, "Public addresses");
    public static readonly Setting<long> Volumes = Limit("max.account.volumes", 20, "Volumes");
    public static readonly Setting<long> Templates = Limit("max.account.templates", 20, "Templates");
    public static readonly Setting<long> Networks = Limit("max.account.networks", 20, "Networks");
    public static readonly Setting<long> Vpcs = Limit("max.account.vpcs", 20, "VPCs");
    public static readonly Setting<long> Cpus = Limit("max.account.cpus", 40, "Processors of virtual machines");
    public static readonly Setting<long> Memory = Limit("max.account.memory", 40_960, "MiB of virtual machines' memory");
    public static readonly Setting<long> PrimaryStorage = Limit("max.account.primary.storage", 200, "GiB of primary storage");

    private static Setting<long> Limit(string name, long initial, string what) =>
        new(name, initial, $"{what} that an account may have unless a limit of its own is set; -1 for any number")
        {
            Within = (-1, int.MaxValue),
            Group = "Account",
            Subgroup = "Limits",
            Category = "Account Defaults",
        };
}
