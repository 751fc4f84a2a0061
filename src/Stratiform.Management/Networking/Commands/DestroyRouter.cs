using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>
/// Throws a router away, in any state. Its network is in use, so it is built again at once, under the same id and with the same
/// addresses: guests find it where it was.
/// </summary>
[Command(
    "Destroys a router. Since its network is in use, it is built anew at once",
    AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record DestroyRouter : IAsyncCommand<RouterWire>
{
    [Description("The router")]
    public required Id<Router> Id { get; init; }
}

internal sealed class DestroyRouterHandler(CloudDb db, WorkflowQueue queue) : IHandle<DestroyRouter, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DestroyRouter command, Caller caller, CancellationToken ct)
    {
        var (router, networks) = await db.FindRouterAsync(caller, command.Id, "destroy", [NetworkState.Implemented, NetworkState.Implementing], ct);
        return new(queue.Enqueue(Workflows.StopRouter.For(router, networks, hold: false, overtakes: true), caller.Asks).Id);
    }
}
