using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Renames a size of virtual machine; the size itself stays, since virtual machines have it.</summary>
[Command("Updates a service offering")]
internal sealed record UpdateServiceOffering : ICommand<Shown<ServiceOfferingWire>>
{
    [Description("The offering")]
    public required Id<ServiceOffering> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? DisplayText { get; init; }
}

internal sealed class UpdateServiceOfferingHandler(CloudDb db, SystemOfferings system) : IHandle<UpdateServiceOffering, Shown<ServiceOfferingWire>>
{
    public async Task<Shown<ServiceOfferingWire>> HandleAsync(UpdateServiceOffering command, Caller caller, CancellationToken ct)
    {
        var offering = await db.FindAsync(caller, command.Id, ct);
        system.RequireFree(offering, command.Name ?? offering.Name);
        offering.Name = command.Name ?? offering.Name;
        offering.DisplayText = command.DisplayText ?? offering.DisplayText;
        return new(offering.Id.Value);
    }
}
