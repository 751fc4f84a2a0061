using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>
/// Gives a router another size. One that runs is built anew beside itself, or boots while the other one of its pair serves; a stopped one
/// has it when it starts. So have the routers that its network or VPC gets later.
/// </summary>
[Command("Gives a router another size", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record ChangeServiceForRouter : ICommand<ShownAfter<RouterWire>>
{
    [Description("The router")]
    public required Id<Router> Id { get; init; }

    [Description("The offering of routers that it is to be made of")]
    public required Id<ServiceOffering> ServiceOfferingId { get; init; }
}

internal sealed class ChangeServiceForRouterHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue)
    : IHandle<ChangeServiceForRouter, ShownAfter<RouterWire>>
{
    public async Task<ShownAfter<RouterWire>> HandleAsync(ChangeServiceForRouter command, Caller caller, CancellationToken ct)
    {
        var router = await db.FindVisibleAsync(caller, command.Id, ct);
        var made = SystemOfferings.RequireForRouters(await db.FindAsync(caller, command.ServiceOfferingId, ct));
        router.RequireState("change the offering of", VmState.Running, VmState.Stopped);
        if (router.State == VmState.Running)
        {
            if (router.Made.OfferingId == made.OfferingId) return new(null, router.Id.Value);
            var networks = await db.ServedByAsync(router.Id, ct);
            // The other one of its pair serves meanwhile.
            if (await db.IsOfPairAsync(router, ct)) return new(queue.Enqueue(StopRouter.ToMake(router, networks, made), caller.Asks).Id, router.Id.Value);
            return new(queue.Enqueue(RebuildRouter.For(router, networks, made), caller.Asks).Id, router.Id.Value);
        }
        commit.Add((into, token) => TakeAsync(into, router, made, token));
        return new(null, router.Id.Value);
    }

    // A start that is under way would have taken room for another size.
    private static async Task TakeAsync(DbContext commit, Router router, RouterMake made, CancellationToken ct)
    {
        var off = commit.Set<Router>().Where(r => r.Id == router.Id && r.State == VmState.Stopped);
        if (await off.ExecuteUpdateAsync(set => set.SetProperty(r => r.Made, made), ct) == 0)
            throw Refusal.Conflict($"The router {router.Name} is being started; try again when it runs.");
        await commit.Set<RouterScope>().Where(s => s.Id == router.ScopeId).ExecuteUpdateAsync(set => set.SetProperty(s => s.RouterMade, made), ct);
    }
}
