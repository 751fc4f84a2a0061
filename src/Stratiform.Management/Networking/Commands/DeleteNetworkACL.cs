using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Takes a rule out of an ACL list.</summary>
[Command("Deletes a rule of an ACL list", AllowedTo.Everyone)]
internal sealed record DeleteNetworkACL : IAsyncCommand<Success>
{
    [Description("The rule")]
    public required Id<AclRule> Id { get; init; }
}

internal sealed class DeleteNetworkACLHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteNetworkACL, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteNetworkACL command, Caller caller, CancellationToken ct)
    {
        var (rule, list) = await db.FindRuleAsync(caller, command.Id, ct);
        return new(queue.Enqueue(ChangeAcl.For(list, new() { About = rule.Id, Remove = [rule.Id] }), caller.Asks).Id);
    }
}
