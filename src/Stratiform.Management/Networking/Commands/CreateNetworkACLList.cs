using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Adds an ACL list, empty, to a VPC.</summary>
[Command("Creates an ACL list of a VPC", AllowedTo.Everyone)]
internal sealed record CreateNetworkACLList : IAsyncCommand<AclListWire>
{
    [Description("The list's name")]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    public string? Description { get; init; }

    [Description("Its VPC")]
    public Id<Vpc>? VpcId { get; init; }
}

internal sealed class CreateNetworkACLListHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue, TimeProvider clock) : IHandle<CreateNetworkACLList, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateNetworkACLList command, Caller caller, CancellationToken ct)
    {
        if (command.VpcId is not { } vpcId) throw Refusal.Missing(caller.Command, "vpcid");
        var vpc = await db.FindVisibleAsync(caller, vpcId, ct);
        var list = new AclList(command.Name, command.Description ?? command.Name, vpc, clock.GetUtcNow());
        db.Add(list);
        commit.Add((into, token) => Vpc.RaiseForChangeAsync(into, vpc, token));
        return new(queue.RecordDone(caller.Asks, nameof(AclList), list.Id.Value).Id, list.Id.Value);
    }
}
