using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Deletes a customer gateway that no VPC is connected with.</summary>
[Command("Deletes a customer gateway", AllowedTo.Everyone)]
internal sealed record DeleteVpnCustomerGateway : IAsyncCommand<Success>
{
    [Description("The customer gateway")]
    public required Id<VpnCustomerGateway> Id { get; init; }
}

internal sealed class DeleteVpnCustomerGatewayHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue) : IHandle<DeleteVpnCustomerGateway, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteVpnCustomerGateway command, Caller caller, CancellationToken ct)
    {
        var gateway = await db.FindVisibleAsync(caller, command.Id, ct);
        commit.Add((into, token) => DeleteUnusedAsync(into, gateway, token));
        return new(queue.RecordDone(caller.Asks, nameof(VpnCustomerGateway), gateway.Id.Value).Id);
    }

    // Who connects with it holds its row until his commit.
    private static async Task DeleteUnusedAsync(DbContext into, VpnCustomerGateway gateway, CancellationToken ct)
    {
        var id = gateway.Id.Value;
        await into.Database.ExecuteSqlAsync($"SELECT FROM vpn_customer_gateway WHERE id = {id} FOR UPDATE", ct);
        await into.Set<VpnConnection>().Where(c => c.CustomerGatewayId == gateway.Id)
            .RequireNoneAsync($"The customer gateway {gateway.Name}", "connection", "deleteVpnConnection", ct);
        await into.Set<VpnCustomerGateway>().Where(g => g.Id == gateway.Id).ExecuteDeleteAsync(ct);
    }
}
