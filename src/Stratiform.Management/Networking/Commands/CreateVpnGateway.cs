using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Makes a VPC the near end of site-to-site VPNs.</summary>
[Command("Creates a VPN gateway: a VPC becomes the near end of site-to-site VPNs", AllowedTo.Everyone)]
internal sealed record CreateVpnGateway : IAsyncCommand<VpnGatewayWire>
{
    [Description("The VPC, whose offering has the service Vpn")]
    public required Id<Vpc> VpcId { get; init; }
}

internal sealed class CreateVpnGatewayHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue, TimeProvider clock) : IHandle<CreateVpnGateway, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateVpnGateway command, Caller caller, CancellationToken ct)
    {
        var vpc = await db.FindVisibleAsync(caller, command.VpcId, ct);
        await VpcOffering.RequireAsync(db, vpc, NetworkServices.Vpn, ct);
        if (await db.Set<VpnGateway>().AnyAsync(g => g.VpcId == vpc.Id, ct)) throw Refusal.Parameter($"The VPC {vpc.Name} has a VPN gateway already (listVpnGateways).");
        if (!await db.HasSourceNatAsync(vpc.ScopeId, ct))
            throw Refusal.Parameter($"The VPC {vpc.Name} was not started and has no public address yet; put a guest into its first tier before.");
        var gateway = new VpnGateway(vpc, clock.GetUtcNow());
        db.Add(gateway);
        commit.Add((into, token) => Vpc.RaiseForChangeAsync(into, vpc, token));
        return new(queue.RecordDone(caller.Asks, nameof(VpnGateway), gateway.Id.Value).Id, gateway.Id.Value);
    }
}
