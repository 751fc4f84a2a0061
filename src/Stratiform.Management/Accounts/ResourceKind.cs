using System.Collections.Frozen;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Accounts;

/// <summary>What limits count.</summary>
public enum ResourceKind
{
    VirtualMachine,
    PublicIp,
    Volume,
    Template,
    Network,
    Vpc,
    Cpu,

    /// <summary>MiB.</summary>
    Memory,

    /// <summary>Virtual bytes of disks.</summary>
    PrimaryStorage,
}

/// <summary>How a kind of resource is called and counted on the wire.</summary>
/// <param name="Number">The wire's resource type.</param>
/// <param name="Name">The wire's name of it.</param>
/// <param name="Words">What it is called in a sentence.</param>
/// <param name="Unit">What one of the limit's units is in ours.</param>
/// <param name="Initial">The limit of accounts that have none of their own.</param>
internal sealed record ResourceKindWire(int Number, string Name, string Words, long Unit, Setting<long> Initial)
{
    private const long Gib = 1 << 30;

    /// <summary>All kinds.</summary>
    public static FrozenDictionary<ResourceKind, ResourceKindWire> All { get; } = new Dictionary<ResourceKind, ResourceKindWire>
    {
        [ResourceKind.VirtualMachine] = new(0, "user_vm", "virtual machines", 1, LimitSettings.VirtualMachines),
        [ResourceKind.PublicIp] = new(1, "public_ip", "public addresses", 1, LimitSettings.PublicIps),
        [ResourceKind.Volume] = new(2, "volume", "volumes", 1, LimitSettings.Volumes),
        [ResourceKind.Template] = new(4, "template", "templates", 1, LimitSettings.Templates),
        [ResourceKind.Network] = new(6, "network", "networks", 1, LimitSettings.Networks),
        [ResourceKind.Vpc] = new(7, "vpc", "VPCs", 1, LimitSettings.Vpcs),
        [ResourceKind.Cpu] = new(8, "cpu", "processors", 1, LimitSettings.Cpus),
        [ResourceKind.Memory] = new(9, "memory", "MiB of memory", 1, LimitSettings.Memory),
        [ResourceKind.PrimaryStorage] = new(10, "primary_storage", "GiB of primary storage", Gib, LimitSettings.PrimaryStorage),
    }.ToFrozenDictionary();

    /// <summary>The kind of a wire's number; null for one that is not counted here.</summary>
    public static ResourceKind? Of(int number) => All.Where(k => k.Value.Number == number).Select(k => (ResourceKind?)k.Key).FirstOrDefault();

    /// <summary>Our units as the limit's, rounded up.</summary>
    public long Shown(long amount) => amount < 0 ? amount : (amount + Unit - 1) / Unit;
}
