using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Changes a VPC offering; enabling it is the usual use.</summary>
[Command("Updates a VPC offering")]
internal sealed record UpdateVPCOffering : IAsyncCommand<VpcOfferingWire>
{
    [Description("The offering")]
    public required Id<VpcOffering> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? DisplayText { get; init; }

    [Description("Enabled lets VPCs be created from it")]
    public AllocationState? State { get; init; }

    [Description("Its place in lists: lower ones come first")]
    public int? SortKey { get; init; }
}

internal sealed class UpdateVPCOfferingHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdateVPCOffering, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateVPCOffering command, Caller caller, CancellationToken ct)
    {
        var offering = await db.FindAsync(caller, command.Id, ct);
        offering.Name = command.Name ?? offering.Name;
        offering.DisplayText = command.DisplayText ?? offering.DisplayText;
        offering.State = command.State ?? offering.State;
        offering.SortKey = command.SortKey ?? offering.SortKey;
        return new(queue.RecordDone(caller.Asks, nameof(VpcOffering), offering.Id.Value).Id);
    }
}
