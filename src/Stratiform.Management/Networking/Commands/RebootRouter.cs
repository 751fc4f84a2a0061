using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Boots a router anew, perhaps on another host, with the newest configuration.</summary>
[Command("Reboots a router", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record RebootRouter : IAsyncCommand<RouterWire>
{
    [Description("The router")]
    public required Id<Router> Id { get; init; }

    [Description("A router keeps nothing, so its power is cut in any case")]
    public bool? Forced { get; init; }
}

internal sealed class RebootRouterHandler(CloudDb db, WorkflowQueue queue) : IHandle<RebootRouter, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RebootRouter command, Caller caller, CancellationToken ct)
    {
        var (router, networks) = await db.FindRouterAsync(caller, command.Id, "reboot", [NetworkState.Implemented], ct);
        router.RequireState("reboot", VmState.Running);
        return new(queue.Enqueue(Workflows.StopRouter.For(router, networks, hold: false), caller.Asks).Id);
    }
}
