using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>
/// Stops a router, and its network's guests are cut off. It stays so until startRouter or restartNetwork, or until a virtual machine
/// starts in the network.
/// </summary>
[Command(
    "Stops a router until it is started, or needed by a virtual machine that starts",
    AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record StopRouter : IAsyncCommand<RouterWire>
{
    [Description("The router")]
    public required Id<Router> Id { get; init; }

    [Description("True ends what is under way with the router, such as a start; its power is cut in any case")]
    public bool? Forced { get; init; }
}

internal sealed class StopRouterHandler(CloudDb db, WorkflowQueue queue) : IHandle<StopRouter, JobTicket>
{
    public async Task<JobTicket> HandleAsync(StopRouter command, Caller caller, CancellationToken ct)
    {
        var (router, networks) = await db.FindRouterAsync(caller, command.Id, "stop", [NetworkState.Implemented, NetworkState.Implementing], ct);
        router.RequireState("stop", VmState.Running, VmState.Starting, VmState.Stopping);
        var order = Workflows.StopRouter.For(router, networks, hold: true, overtakes: command.Forced == true);
        return new(queue.Enqueue(order, caller.Asks).Id);
    }
}
