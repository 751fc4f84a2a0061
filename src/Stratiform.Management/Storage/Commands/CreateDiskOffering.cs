using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Storage.Commands;

/// <summary>Adds a kind of disk.</summary>
[Command("Creates a disk offering")]
internal sealed record CreateDiskOffering : ICommand<Shown<DiskOfferingWire>>
{
    [Description("The offering's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    public string? DisplayText { get; init; }

    [Description("Size of its disks, GiB")]
    public long? DiskSize { get; init; }

    [Description("True lets the tenant choose the size")]
    public bool? Customized { get; init; }

    [Description("Tags that pools must bear, comma separated")]
    public string? Tags { get; init; }

    [Description("shared is the one there is")]
    public string? StorageType { get; init; }
}

internal sealed class CreateDiskOfferingHandler(CloudDb db, TimeProvider clock) : IHandle<CreateDiskOffering, Shown<DiskOfferingWire>>
{
    private const long MostGib = 1 << 20;

    public Task<Shown<DiskOfferingWire>> HandleAsync(CreateDiskOffering command, Caller caller, CancellationToken ct)
    {
        var custom = command.Customized == true;
        if (custom == command.DiskSize is not null) throw Refusal.Parameter("Give disksize, or customized=true to let tenants choose it.");
        if (command.DiskSize is < 1 or > MostGib) throw Refusal.Parameter($"disksize is between 1 and {MostGib} GiB.");
        if (command.StorageType is { } type && !type.Equals("shared", StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"storagetype {type} is not supported; use shared.");
        var offering = new DiskOffering(command.Name, command.DisplayText ?? command.Name, clock.GetUtcNow())
        {
            SizeBytes = command.DiskSize << 30,
            Tags = command.Tags?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        };
        db.Add(offering);
        return Task.FromResult<Shown<DiskOfferingWire>>(new(offering.Id.Value));
    }
}
