using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>How a router finds itself: as it looked last, or as it looks now.</summary>
[Command("Gets what a router found when it looked at itself")]
internal sealed record GetRouterHealthCheckResults : ICommand<ShownAfter<RouterHealthWire>>
{
    [Description("The router")]
    public required Id<Router> RouterId { get; init; }

    [Description("True lets it look now, which a running one can")]
    public bool? PerformFreshChecks { get; init; }
}

internal sealed class GetRouterHealthCheckResultsHandler(CloudDb db, WorkflowQueue queue)
    : IHandle<GetRouterHealthCheckResults, ShownAfter<RouterHealthWire>>
{
    public async Task<ShownAfter<RouterHealthWire>> HandleAsync(GetRouterHealthCheckResults command, Caller caller, CancellationToken ct)
    {
        var router = await db.FindVisibleAsync(caller, command.RouterId, ct);
        if (command.PerformFreshChecks != true) return new(null, router.Id.Value);
        router.RequireState("look at", VmState.Running);
        return new(queue.Enqueue(LookAtRouter.For(router), caller.Asks).Id, router.Id.Value);
    }
}
