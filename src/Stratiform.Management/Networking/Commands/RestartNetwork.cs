using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Applies a network's configuration again, or builds its router anew. What is only allocated has nothing to restart.</summary>
[Command("Restarts a network: its router applies all of its configuration again, and runs if it was stopped", AllowedTo.Everyone)]
internal sealed record RestartNetwork : IAsyncCommand<Success>
{
    [Description("The network")]
    public required Id<Network> Id { get; init; }

    [Description("True builds its router anew beside the one that serves, which is destroyed then; two of a pair boot anew one after the other")]
    public bool? Cleanup { get; init; }

    [Description("True gives it a second router on another host, and the two take turns from then on; guests are cut off for some seconds. One that has two keeps them")]
    public bool? MakeRedundant { get; init; }
}

internal sealed class RestartNetworkHandler(CloudDb db, WorkflowQueue queue) : IHandle<RestartNetwork, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RestartNetwork command, Caller caller, CancellationToken ct)
    {
        var network = await db.FindVisibleAsync(caller, command.Id, ct);
        if (network.VpcId is not null && command.Cleanup == true)
            throw Refusal.Parameter($"The router of {network.Name} serves all tiers of its VPC; build it anew for all of them (restartVPC cleanup=true).");
        if (command.MakeRedundant == true) await RequireMayHaveTwoAsync(network, ct);
        return new(queue.Enqueue(Workflows.RestartNetwork.For(network, command.Cleanup == true, command.MakeRedundant == true), caller.Asks).Id);
    }

    private async Task RequireMayHaveTwoAsync(Network network, CancellationToken ct)
    {
        if (network.VpcId is not null) throw Refusal.Parameter($"The routers of {network.Name} are those of its VPC; give that a second one (restartVPC makeredundant=true).");
        var offering = await db.Set<NetworkOffering>().IgnoreQueryFilters().SingleAsync(o => o.Id == network.OfferingId, ct);
        if (!offering.Has(NetworkServices.SourceNat)) throw Refusal.Parameter($"The network {network.Name} has no router that is its guests' way out, which is what two take turns as.");
    }
}
