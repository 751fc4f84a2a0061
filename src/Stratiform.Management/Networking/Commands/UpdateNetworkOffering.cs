using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Changes a network offering; enabling it is the usual use.</summary>
[Command("Updates a network offering")]
internal sealed record UpdateNetworkOffering : ICommand<Shown<NetworkOfferingWire>>
{
    [Description("The offering")]
    public Id<NetworkOffering>? Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? DisplayText { get; init; }

    [Description("Enabled lets networks be created from it")]
    public AllocationState? State { get; init; }
}

internal sealed class UpdateNetworkOfferingHandler(CloudDb db) : IHandle<UpdateNetworkOffering, Shown<NetworkOfferingWire>>
{
    public async Task<Shown<NetworkOfferingWire>> HandleAsync(UpdateNetworkOffering command, Caller caller, CancellationToken ct)
    {
        if (command.Id is not { } id) throw Refusal.Missing(caller.Command, "id");
        var offering = await db.FindAsync(caller, id, ct, nameof(command.Id));
        offering.Name = command.Name ?? offering.Name;
        offering.DisplayText = command.DisplayText ?? offering.DisplayText;
        offering.State = command.State ?? offering.State;
        return new(offering.Id.Value);
    }
}
