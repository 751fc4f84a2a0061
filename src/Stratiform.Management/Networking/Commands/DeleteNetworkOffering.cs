using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Takes a kind of network off the list, once it is disabled; networks of it stay.</summary>
[Command("Deletes a network offering")]
internal sealed record DeleteNetworkOffering : ICommand<Success>
{
    [Description("The offering")]
    public required Id<NetworkOffering> Id { get; init; }
}

internal sealed class DeleteNetworkOfferingHandler(CloudDb db, TimeProvider clock) : IHandle<DeleteNetworkOffering, Success>
{
    public async Task<Success> HandleAsync(DeleteNetworkOffering command, Caller caller, CancellationToken ct)
    {
        var offering = await db.FindAsync(caller, command.Id, ct);
        if (offering.State == Infrastructure.AllocationState.Enabled)
            throw Refusal.Parameter($"The network offering {offering.Name} is enabled; disable it first (updateNetworkOffering state=Disabled).");
        offering.Remove(clock.GetUtcNow());
        return new();
    }
}
