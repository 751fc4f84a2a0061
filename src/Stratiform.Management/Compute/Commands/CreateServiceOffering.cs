using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

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

    [Description("shared is the one there is")]
    public string? StorageType { get; init; }
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
        var offering = new ServiceOffering(command.Name, command.DisplayText ?? command.Name, cpus, speed, memory, clock.GetUtcNow())
        {
            HostTags = Split(command.HostTags),
            StorageTags = Split(command.Tags),
            RootDiskBytes = command.RootDiskSize << 30,
        };
        db.Add(offering);
        return Task.FromResult<Shown<ServiceOfferingWire>>(new(offering.Id.Value));
    }

    private static int Within(int? value, string parameter, int min, int max, Caller caller) => value switch
    {
        null => throw Refusal.Missing(caller.Command, parameter),
        { } given when given >= min && given <= max => given,
        _ => throw Refusal.Parameter($"{parameter} is between {min} and {max}."),
    };

    private static string[] Split(string? tags) => tags?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
