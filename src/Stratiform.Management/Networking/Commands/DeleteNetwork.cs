using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Deletes a network that nobody uses, with its router and addresses.</summary>
[Command("Deletes a network", AllowedTo.Everyone)]
internal sealed record DeleteNetwork : IAsyncCommand<Success>
{
    [Description("The network")]
    public required Id<Network> Id { get; init; }
}

internal sealed class DeleteNetworkHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteNetwork, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteNetwork command, Caller caller, CancellationToken ct)
    {
        var network = await db.FindVisibleAsync(caller, command.Id, ct);
        var routers = await db.RoutersOfAsync(network.Id, ct);
        return new(queue.Enqueue(ShutNetworkDown.For(network, routers, remove: true), caller.Asks).Id);
    }
}
