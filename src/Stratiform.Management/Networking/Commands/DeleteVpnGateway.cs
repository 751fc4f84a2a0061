using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Deletes a VPN gateway without connections.</summary>
[Command("Deletes a VPN gateway", AllowedTo.Everyone)]
internal sealed record DeleteVpnGateway : IAsyncCommand<Success>
{
    [Description("The VPN gateway")]
    public required Id<VpnGateway> Id { get; init; }
}

internal sealed class DeleteVpnGatewayHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue) : IHandle<DeleteVpnGateway, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteVpnGateway command, Caller caller, CancellationToken ct)
    {
        var gateway = await db.FindVisibleAsync(caller, command.Id, ct);
        commit.Add((into, token) => DeleteUnusedAsync(into, gateway, token));
        return new(queue.RecordDone(caller.Asks, nameof(VpnGateway), gateway.Id.Value).Id);
    }

    // After the scope's generation was raised: connections are added under the same row.
    private static async Task DeleteUnusedAsync(DbContext into, VpnGateway gateway, CancellationToken ct)
    {
        await RoutersInStep.RaiseAsync(into, new Id<RouterScope>(gateway.VpcId.Value), ct);
        await into.Set<VpnConnection>().Where(c => c.GatewayId == gateway.Id).RequireNoneAsync("The VPN gateway", "connection", "deleteVpnConnection", ct);
        await into.Set<VpnGateway>().Where(g => g.Id == gateway.Id).ExecuteDeleteAsync(ct);
    }
}
