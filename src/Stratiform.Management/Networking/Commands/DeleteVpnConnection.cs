using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Ends a VPN connection and deletes it.</summary>
[Command("Deletes a VPN connection", AllowedTo.Everyone)]
internal sealed record DeleteVpnConnection : IAsyncCommand<Success>
{
    [Description("The connection")]
    public required Id<VpnConnection> Id { get; init; }
}

internal sealed class DeleteVpnConnectionHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteVpnConnection, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteVpnConnection command, Caller caller, CancellationToken ct)
    {
        var connection = await db.FindVisibleAsync(caller, command.Id, ct);
        return new(queue.Enqueue(DisconnectVpn.For(connection), caller.Asks).Id);
    }
}
