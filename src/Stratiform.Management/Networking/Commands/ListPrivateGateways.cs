using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The private gateways of the VPCs that exist for the caller.</summary>
[Command("Lists private gateways", AllowedTo.Everyone)]
internal sealed record ListPrivateGateways : OwnedListQuery<PrivateGateway, PrivateGatewayWire>
{
    [Description("Lists only those of this VPC")]
    public Id<Vpc>? VpcId { get; init; }

    [Description("Lists only those with this address")]
    public string? IpAddress { get; init; }

    [Description("Lists only those there: untagged, or a VXLAN's number")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? Vlan { get; init; }

    [Description("Lists only those in this state")]
    public GatewayState? State { get; init; }
}

internal sealed class ListPrivateGatewaysHandler(CloudDb db, Lists<PrivateGatewayWire> lists) : IHandle<ListPrivateGateways, Page<PrivateGatewayWire>>
{
    public async Task<Page<PrivateGatewayWire>> HandleAsync(ListPrivateGateways command, Caller caller, CancellationToken ct)
    {
        var gateways = await db.ListedAsync(command, caller, ct);
        if (command.VpcId is { } vpc) gateways = gateways.Where(g => g.VpcId == vpc);
        if (command.State is { } state) gateways = gateways.Where(g => g.State == state);
        if (command.IpAddress is { } text)
        {
            var ip = Ipv4Address.Of(WireIp.Require(text, nameof(command.IpAddress)));
            gateways = gateways.Where(g => g.Ip == ip);
        }
        if (command.Vlan is { } vlan)
        {
            var vni = SharedNetworks.Vni(vlan);
            gateways = gateways.Where(g => db.Set<Network>().Any(n => n.Id == g.NetworkId && n.Vni == vni && (n.IsShared || vni != null)));
        }
        if (command.Keyword is { } keyword)
            gateways = gateways.Where(g => db.Set<Vpc>().Any(v => v.Id == g.VpcId && EF.Functions.ILike(v.Name, Keyword.Pattern(keyword), Keyword.Escape)));
        return await lists.PageAsync(gateways.OrderBy(g => g.CreatedAt).ThenBy(g => g.Id).Select(g => g.Id), command, caller, ct);
    }
}
