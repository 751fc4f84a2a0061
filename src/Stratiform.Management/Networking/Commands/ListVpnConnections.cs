using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The VPN connections of the VPCs that exist for the caller.</summary>
[Command("Lists VPN connections", AllowedTo.Everyone)]
internal sealed record ListVpnConnections : OwnedListQuery<VpnConnection, VpnConnectionWire>
{
    [Description("Lists only those of this VPC")]
    public Id<Vpc>? VpcId { get; init; }
}

internal sealed class ListVpnConnectionsHandler(CloudDb db, Lists<VpnConnectionWire> lists) : IHandle<ListVpnConnections, Page<VpnConnectionWire>>
{
    public async Task<Page<VpnConnectionWire>> HandleAsync(ListVpnConnections command, Caller caller, CancellationToken ct)
    {
        var connections = await db.ListedAsync(command, caller, ct);
        if (command.VpcId is { } vpc) connections = connections.Where(c => db.Set<VpnGateway>().Any(g => g.Id == c.GatewayId && g.VpcId == vpc));
        if (command.Keyword is { } keyword)
        {
            connections = connections.Where(c => db.Set<VpnCustomerGateway>()
                .Any(g => g.Id == c.CustomerGatewayId && EF.Functions.ILike(g.Name, Keyword.Pattern(keyword), Keyword.Escape)));
        }
        return await lists.PageAsync(connections.OrderBy(c => c.CreatedAt).ThenBy(c => c.Id).Select(c => c.Id), command, caller, ct);
    }
}
