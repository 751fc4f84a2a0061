using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The VPN gateways of the VPCs that exist for the caller.</summary>
[Command("Lists VPN gateways", AllowedTo.Everyone)]
internal sealed record ListVpnGateways : OwnedListQuery<VpnGateway, VpnGatewayWire>
{
    [Description("Lists only that of this VPC")]
    public Id<Vpc>? VpcId { get; init; }
}

internal sealed class ListVpnGatewaysHandler(CloudDb db, Lists<VpnGatewayWire> lists) : IHandle<ListVpnGateways, Page<VpnGatewayWire>>
{
    public async Task<Page<VpnGatewayWire>> HandleAsync(ListVpnGateways command, Caller caller, CancellationToken ct)
    {
        var gateways = await db.ListedAsync(command, caller, ct);
        if (command.VpcId is { } vpc) gateways = gateways.Where(g => g.VpcId == vpc);
        if (command.Keyword is { } keyword)
            gateways = gateways.Where(g => db.Set<Vpc>().Any(v => v.Id == g.VpcId && EF.Functions.ILike(v.Name, Keyword.Pattern(keyword), Keyword.Escape)));
        return await lists.PageAsync(gateways.OrderBy(g => g.CreatedAt).ThenBy(g => g.Id).Select(g => g.Id), command, caller, ct);
    }
}
