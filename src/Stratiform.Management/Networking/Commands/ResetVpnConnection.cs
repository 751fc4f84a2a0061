using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Ends a VPN connection and begins it anew.</summary>
[Command("Ends a VPN connection and begins it anew", AllowedTo.Everyone)]
internal sealed record ResetVpnConnection : IAsyncCommand<VpnConnectionWire>
{
    [Description("The connection")]
    public required Id<VpnConnection> Id { get; init; }
}

internal sealed class ResetVpnConnectionHandler(CloudDb db, WorkflowQueue queue) : IHandle<ResetVpnConnection, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ResetVpnConnection command, Caller caller, CancellationToken ct)
    {
        var connection = await db.FindVisibleAsync(caller, command.Id, ct);
        return new(queue.Enqueue(ResetVpn.For(connection), caller.Asks).Id);
    }
}
