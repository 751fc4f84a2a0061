using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Connects a VPC with the networks behind a customer gateway.</summary>
[Command("Creates a VPN connection between a VPC and the networks behind a customer gateway", AllowedTo.Everyone)]
internal sealed record CreateVpnConnection : IAsyncCommand<VpnConnectionWire>
{
    [Description("The near end: the VPC's VPN gateway")]
    public required Id<VpnGateway> S2SVpnGatewayId { get; init; }

    [Description("The far end: a customer gateway of the same account")]
    public required Id<VpnCustomerGateway> S2SCustomerGatewayId { get; init; }

    [Description("True waits for the other end to begin")]
    public bool? Passive { get; init; }
}

internal sealed class CreateVpnConnectionHandler(CloudDb db, CommandCommit commit, LiveSettings settings, WorkflowQueue queue, TimeProvider clock)
    : IHandle<CreateVpnConnection, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateVpnConnection command, Caller caller, CancellationToken ct)
    {
        var near = await db.FindVisibleAsync(caller, command.S2SVpnGatewayId, ct);
        var far = await db.FindVisibleAsync(caller, command.S2SCustomerGatewayId, ct);
        var vpc = await db.Set<Vpc>().SingleAsync(v => v.Id == near.VpcId, ct);
        if (near.AccountId != far.AccountId)
            throw Refusal.Parameter($"The customer gateway {far.Name} belongs to another account than the VPC {vpc.Name}; describe the far end for that one.");
        if (await db.Set<VpnConnection>().AnyAsync(c => c.GatewayId == near.Id && c.CustomerGatewayId == far.Id, ct))
            throw Refusal.Parameter($"The VPC {vpc.Name} and the customer gateway {far.Name} have a connection already (listVpnConnections).");
        var connection = new VpnConnection(near, far.Id, command.Passive == true, clock.GetUtcNow());
        db.Add(connection);
        commit.Add((into, token) => Vpc.RaiseForChangeAsync(into, vpc, token));
        commit.Add((into, token) => RequireRoomAsync(into, near, vpc, settings.Get(NetworkSettings.MostVpnConnections), token));
        commit.Add((into, token) => VpnConnections.RequireFitAsync(into, connection, far.Peer, token));
        return new(queue.Enqueue(ConnectVpn.For(connection), caller.Asks).Id, connection.Id.Value);
    }

    private static async Task RequireRoomAsync(DbContext into, VpnGateway near, Vpc vpc, int most, CancellationToken ct)
    {
        if (await into.Set<VpnConnection>().CountAsync(c => c.GatewayId == near.Id, ct) > most)
            throw Refusal.Limit($"The VPN gateway of the VPC {vpc.Name} has {most} connections, which is as many as it may; delete one first (deleteVpnConnection).");
    }
}
