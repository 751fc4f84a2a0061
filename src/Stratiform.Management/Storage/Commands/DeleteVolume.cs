using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage.Commands;

/// <summary>Removes a volume that is attached to nothing, wherever it lies and however its upload stands.</summary>
[Command("Deletes a volume that is attached to no virtual machine", AllowedTo.Everyone)]
internal sealed record DeleteVolume : ICommand<SuccessAfter>
{
    [Description("The volume")]
    public required Id<Volume> Id { get; init; }
}

internal sealed class DeleteVolumeHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteVolume, SuccessAfter>
{
    public async Task<SuccessAfter> HandleAsync(DeleteVolume command, Caller caller, CancellationToken ct)
    {
        var volume = await db.FindVisibleAsync(caller, command.Id, ct);
        volume.RequireDetached();
        return new(queue.Enqueue(Workflows.DeleteVolume.For(volume), caller.Asks).Id);
    }
}
