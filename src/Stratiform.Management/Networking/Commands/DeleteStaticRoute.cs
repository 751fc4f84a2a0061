using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>A VPC's router leads to that network no more.</summary>
[Command("Deletes a static route", AllowedTo.Everyone)]
internal sealed record DeleteStaticRoute : IAsyncCommand<Success>
{
    [Description("The route")]
    public required Id<StaticRoute> Id { get; init; }
}

internal sealed class DeleteStaticRouteHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteStaticRoute, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteStaticRoute command, Caller caller, CancellationToken ct) =>
        new(queue.Enqueue(RevokeStaticRoute.For(await db.FindVisibleAsync(caller, command.Id, ct)), caller.Asks).Id);
}
