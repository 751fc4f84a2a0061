using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Details = Stratiform.Management.Compute.ServiceOfferingDetails;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Adds a size of virtual machine.</summary>
[Command("Creates a service offering")]
internal sealed record CreateServiceOffering : ICommand<Shown<ServiceOfferingWire>>
{
    [Description("The offering's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    public string? DisplayText { get; init; }

    [Description("Processors")]
    public int? CpuNumber { get; init; }

    [Description("Promised speed of each processor, MHz")]
    public int? CpuSpeed { get; init; }

    [Description("Memory, MiB")]
    public int? Memory { get; init; }

    [Description("Tags that hosts must bear, comma separated")]
    public string? HostTags { get; init; }

    [Description("Tags that pools must bear, comma separated")]
    public string? Tags { get; init; }

    [Description("Size of the root disk, GiB; the template's unless said")]
    public long? RootDiskSize { get; init; }

    [Description("What the default card of its virtual machines passes each way, Mbit/s; 0 for no limit. The setting vm.network.throttling.rate unless said")]
    public int? NetworkRate { get; init; }

    [Description("shared is the one there is")]
    public string? StorageType { get; init; }

    [Description("True for the cloud's own virtual machines (root administrators)")]
    public bool? IsSystem { get; init; }

    [Description("With issystem: the kind of system VM, secondarystoragevm or domainrouter")]
    public string? SystemVmType { get; init; }

    [Description("With systemvmtype=domainrouter: arch, which is x86_64 or i386. The setting system.vm.preferred.architecture unless said")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? ServiceOfferingDetails { get; init; }
}

internal sealed class CreateServiceOfferingHandler(CloudDb db, TimeProvider clock)
    : IHandle<CreateServiceOffering, Shown<ServiceOfferingWire>>
{
    public Task<Shown<ServiceOfferingWire>> HandleAsync(CreateServiceOffering command, Caller caller, CancellationToken ct)
    {
        var cpus = Within(command.CpuNumber, "cpunumber", 1, 256, caller);
        var speed = Within(command.CpuSpeed, "cpuspeed", 1, 10_000, caller);
        var memory = Within(command.Memory, "memory", 32, 8 << 20, caller);
        if (command.RootDiskSize is < 1 or > 1 << 20) throw Refusal.Parameter("rootdisksize is between 1 and 1048576 GiB.");
        if (command.StorageType is { } type && !type.Equals("shared", StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"storagetype {type} is not supported; use shared.");
        var system = command.IsSystem == true;
        var arch = Details.ReadArch(command.ServiceOfferingDetails, system ? command.SystemVmType?.ToLowerInvariant() : null);
        if (system) RequireSystem(command, memory, arch, caller);
        else if (command.SystemVmType is not null) throw Refusal.Parameter("systemvmtype goes with issystem=true.");
        var offering = new ServiceOffering(command.Name, command.DisplayText ?? command.Name, cpus, speed, memory, clock.GetUtcNow())
        {
            HostTags = Split(command.HostTags),
            StorageTags = Split(command.Tags),
            RootDiskBytes = command.RootDiskSize << 30,
            RateMbit = Rates.Read(command.NetworkRate),
            IsSystem = system,
            SystemVmType = system ? command.SystemVmType!.ToLowerInvariant() : null,
            Arch = arch,
        };
        db.Add(offering);
        return Task.FromResult<Shown<ServiceOfferingWire>>(new(offering.Id.Value));
    }

    private static void RequireSystem(CreateServiceOffering command, int memory, string? arch, Caller caller)
    {
        if (!caller.IsRootAdmin) throw Refusal.Permission("Only root administrators make offerings of system VMs.");
        var type = command.SystemVmType ?? throw Refusal.Missing(caller.Command, "systemvmtype");
        var (least, most) = SystemOfferings.MemoryOf(type.ToLowerInvariant(), arch)
            ?? throw Refusal.Parameter($"systemvmtype {type} is not supported: sizes of secondary storage VMs and routers can be chosen; use {SystemOfferings.WorkerType} or {SystemOfferings.RouterType}.");
        if (memory < least) throw Refusal.Parameter($"memory of a {type.ToLowerInvariant()} is at least {least} MiB; its program needs it.");
        if (memory > most)
            throw Refusal.Parameter($"memory of a {type.ToLowerInvariant()} of {arch} is at most {most} MiB: its kernel has no use for more. Use {Details.Arch}={SystemVmImage.Bits64}.");
        if (command.RootDiskSize is not null || command.Tags is not null)
            throw Refusal.Parameter("rootdisksize and tags are of disks; system VMs have none.");
        if (command.NetworkRate is not null) throw Refusal.Parameter("networkrate is of guests' cards; those of system VMs have no limit.");
    }

    private static int Within(int? value, string parameter, int min, int max, Caller caller) => value switch
    {
        null => throw Refusal.Missing(caller.Command, parameter),
        { } given when given >= min && given <= max => given,
        _ => throw Refusal.Parameter($"{parameter} is between {min} and {max}."),
    };

    private static string[] Split(string? tags) => tags?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
