using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage.Commands;

/// <summary>Takes a kind of disk off the list; disks of it stay.</summary>
[Command("Deletes a disk offering")]
internal sealed record DeleteDiskOffering : ICommand<Success>
{
    [Description("The offering")]
    public required Id<DiskOffering> Id { get; init; }
}

internal sealed class DeleteDiskOfferingHandler(CloudDb db, TimeProvider clock) : IHandle<DeleteDiskOffering, Success>
{
    public async Task<Success> HandleAsync(DeleteDiskOffering command, Caller caller, CancellationToken ct)
    {
        var offering = await db.FindAsync(caller, command.Id, ct);
        offering.Remove(clock.GetUtcNow());
        return new();
    }
}
