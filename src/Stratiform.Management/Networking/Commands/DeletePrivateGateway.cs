using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>A VPC's router leaves the network beside it.</summary>
[Command("Deletes a private gateway", AllowedTo.Everyone)]
internal sealed record DeletePrivateGateway : IAsyncCommand<Success>
{
    [Description("The private gateway, which no static route leads by")]
    public required Id<PrivateGateway> Id { get; init; }
}

internal sealed class DeletePrivateGatewayHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeletePrivateGateway, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeletePrivateGateway command, Caller caller, CancellationToken ct)
    {
        var gateway = await db.FindVisibleAsync(caller, command.Id, ct);
        await PrivateGateways.RequireUnusedAsync(db, gateway, ct);
        return new(queue.Enqueue(CloseGateway.For(gateway), caller.Asks).Id);
    }
}
