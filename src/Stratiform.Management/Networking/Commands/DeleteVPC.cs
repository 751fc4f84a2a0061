using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Deletes a VPC without tiers, with its addresses and ACL lists.</summary>
[Command("Deletes a VPC", AllowedTo.Everyone)]
internal sealed record DeleteVPC : IAsyncCommand<Success>
{
    [Description("The VPC")]
    public required Id<Vpc> Id { get; init; }
}

internal sealed class DeleteVPCHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteVPC, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteVPC command, Caller caller, CancellationToken ct)
    {
        var vpc = await db.FindVisibleAsync(caller, command.Id, ct);
        await db.Set<Network>().Where(n => n.VpcId == vpc.Id).RequireNoneAsync(n => n.Name, $"The VPC {vpc.Name}", "tier", "deleteNetwork", ct);
        return new(queue.Enqueue(RemoveVpc.For(vpc), caller.Asks).Id);
    }
}
