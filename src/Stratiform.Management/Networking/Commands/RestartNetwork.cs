using System.ComponentModel;
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

    [Description("True builds its router anew beside the one that serves, which is destroyed then")]
    public bool? Cleanup { get; init; }
}

internal sealed class RestartNetworkHandler(CloudDb db, WorkflowQueue queue) : IHandle<RestartNetwork, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RestartNetwork command, Caller caller, CancellationToken ct)
    {
        var network = await db.FindVisibleAsync(caller, command.Id, ct);
        if (network.VpcId is not null && command.Cleanup == true)
            throw Refusal.Parameter($"The router of {network.Name} serves all tiers of its VPC; build it anew for all of them (restartVPC cleanup=true).");
        return new(queue.Enqueue(Workflows.RestartNetwork.For(network, command.Cleanup == true), caller.Asks).Id);
    }
}
