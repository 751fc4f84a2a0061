using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage.Commands;

/// <summary>Renames a kind of disk; the size stays, since disks have it.</summary>
[Command("Updates a disk offering")]
internal sealed record UpdateDiskOffering : ICommand<Shown<DiskOfferingWire>>
{
    [Description("The offering")]
    public required Id<DiskOffering> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? DisplayText { get; init; }
}

internal sealed class UpdateDiskOfferingHandler(CloudDb db) : IHandle<UpdateDiskOffering, Shown<DiskOfferingWire>>
{
    public async Task<Shown<DiskOfferingWire>> HandleAsync(UpdateDiskOffering command, Caller caller, CancellationToken ct)
    {
        var offering = await db.FindAsync(caller, command.Id, ct);
        offering.Name = command.Name ?? offering.Name;
        offering.DisplayText = command.DisplayText ?? offering.DisplayText;
        return new(offering.Id.Value);
    }
}
