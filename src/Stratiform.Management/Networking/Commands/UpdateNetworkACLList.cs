using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Changes what an ACL list is called.</summary>
[Command("Updates an ACL list", AllowedTo.Everyone)]
internal sealed record UpdateNetworkACLList : IAsyncCommand<Success>
{
    [Description("The list")]
    public required Id<AclList> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? Description { get; init; }
}

internal sealed class UpdateNetworkACLListHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdateNetworkACLList, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateNetworkACLList command, Caller caller, CancellationToken ct)
    {
        var list = await db.FindListAsync(caller, command.Id, ct);
        list.RequireOwn("rename");
        list.Name = command.Name ?? list.Name;
        list.Description = command.Description ?? list.Description;
        return new(queue.RecordDone(caller.Asks, nameof(AclList), list.Id.Value).Id);
    }
}
