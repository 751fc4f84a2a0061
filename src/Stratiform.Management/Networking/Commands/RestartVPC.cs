using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Applies a VPC's configuration again, or builds its router anew. One in which nothing runs has no router to restart.</summary>
[Command("Restarts a VPC: its router applies all of its configuration again, and runs if it was stopped", AllowedTo.Everyone)]
internal sealed record RestartVPC : IAsyncCommand<Success>
{
    [Description("The VPC")]
    public required Id<Vpc> Id { get; init; }

    [Description("True builds its router anew beside the one that serves, which is destroyed then; two of a pair boot anew one after the other")]
    public bool? Cleanup { get; init; }

    [Description("True gives it a second router on another host, and the two take turns from then on; guests are cut off for some seconds. One that has two keeps them")]
    public bool? MakeRedundant { get; init; }
}

internal sealed class RestartVPCHandler(CloudDb db, WorkflowQueue queue) : IHandle<RestartVPC, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RestartVPC command, Caller caller, CancellationToken ct)
    {
        var vpc = await db.FindVisibleAsync(caller, command.Id, ct);
        return new(queue.Enqueue(Workflows.RestartNetwork.For(vpc, command.Cleanup == true, command.MakeRedundant == true), caller.Asks).Id);
    }
}
