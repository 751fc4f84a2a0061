using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Takes a size off the list; virtual machines of this size keep it.</summary>
[Command("Deletes a service offering")]
internal sealed record DeleteServiceOffering : ICommand<Success>
{
    [Description("The offering")]
    public required Id<ServiceOffering> Id { get; init; }
}

internal sealed class DeleteServiceOfferingHandler(CloudDb db, SystemOfferings system, TimeProvider clock) : IHandle<DeleteServiceOffering, Success>
{
    public async Task<Success> HandleAsync(DeleteServiceOffering command, Caller caller, CancellationToken ct)
    {
        var offering = await db.FindAsync(caller, command.Id, ct);
        system.RequireFree(offering, newName: null);
        offering.Remove(clock.GetUtcNow());
        return new();
    }
}
