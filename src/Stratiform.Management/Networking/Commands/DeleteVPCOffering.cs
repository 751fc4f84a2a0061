using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Takes a kind of VPC off the list, once it is disabled; VPCs of it stay.</summary>
[Command("Deletes a VPC offering")]
internal sealed record DeleteVPCOffering : IAsyncCommand<Success>
{
    [Description("The offering")]
    public required Id<VpcOffering> Id { get; init; }
}

internal sealed class DeleteVPCOfferingHandler(CloudDb db, WorkflowQueue queue, TimeProvider clock) : IHandle<DeleteVPCOffering, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteVPCOffering command, Caller caller, CancellationToken ct)
    {
        var offering = await db.FindAsync(caller, command.Id, ct);
        if (offering.State == AllocationState.Enabled)
            throw Refusal.Parameter($"The VPC offering {offering.Name} is enabled; disable it first (updateVPCOffering state=Disabled).");
        offering.Remove(clock.GetUtcNow());
        return new(queue.RecordDone(caller.Asks, nameof(VpcOffering), offering.Id.Value).Id);
    }
}
