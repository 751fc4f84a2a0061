using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Boots a router that was stopped.</summary>
[Command("Starts a router", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record StartRouter : IAsyncCommand<RouterWire>
{
    [Description("The router")]
    public required Id<Router> Id { get; init; }
}

internal sealed class StartRouterHandler(CloudDb db, WorkflowQueue queue) : IHandle<StartRouter, JobTicket>
{
    public async Task<JobTicket> HandleAsync(StartRouter command, Caller caller, CancellationToken ct)
    {
        var (router, networks) = await db.FindRouterAsync(caller, command.Id, "start", [NetworkState.Implemented], ct);
        router.RequireState("start", VmState.Stopped);
        return new(queue.Enqueue(Workflows.StartRouter.For(router, networks), caller.Asks).Id);
    }
}
