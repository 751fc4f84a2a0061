using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Gives a VPC's router a card in a network beside the VPC.</summary>
[Command("Creates a private gateway: a VPC's router gets a card in a network beside the VPC", AllowedTo.Everyone)]
internal sealed record CreatePrivateGateway : IAsyncCommand<PrivateGatewayWire>
{
    [Description("The VPC")]
    public required Id<Vpc> VpcId { get; init; }

    [Description("The router's address in that network")]
    public required string IpAddress { get; init; }

    [Description("Who forwards there to what lies behind")]
    public required string Gateway { get; init; }

    [Description("Mask of that network")]
    public required string Netmask { get; init; }

    [Description("An operator's network: untagged for the hosts' own bridge for guests, or the number of a VXLAN")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? Vlan { get; init; }

    [Description("The physical network that carries it; the zone's unless said")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; init; }

    [Description("Instead of vlan: an isolated, L2 or shared network that the VPC's owner uses")]
    public Id<Network>? AssociatedNetworkId { get; init; }

    [Description("True gives what goes out by it its address; in networks that several accounts share only administrators of the cloud may do without")]
    public bool? SourceNatSupported { get; init; }

    [Description("Says what may come in by it and go out by it; default_deny unless said")]
    public Id<AclList>? AclId { get; init; }
}

internal sealed class CreatePrivateGatewayHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue, TimeProvider clock)
    : IHandle<CreatePrivateGateway, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreatePrivateGateway command, Caller caller, CancellationToken ct)
    {
        var vpc = await db.FindVisibleAsync(caller, command.VpcId, ct);
        var subnet = SubnetOf(command);
        var ip = Ipv4Address.Of(WireIp.Require(command.IpAddress, nameof(command.IpAddress)));
        if (!subnet.HasRoomFor(ip)) throw Refusal.Parameter($"ipaddress {ip} is none that the router can have in {subnet.Cidr}, the network of its gateway {subnet.Gateway}.");
        if (Ipv4.Overlap(subnet.Cidr, vpc.Cidr)) throw Refusal.Parameter($"The network {subnet.Cidr} overlaps {vpc.Cidr}, the VPC's own, where its tiers are.");
        var network = await NetworkAsync(command, caller, vpc, subnet, ip, ct);
        if (await db.Set<PrivateGateway>().FirstOrDefaultAsync(g => g.VpcId == vpc.Id && g.NetworkId == network.Id, ct) is { } other)
            throw Refusal.Parameter($"The VPC {vpc.Name} is in that network already, by the private gateway {other.Id} ({other.Ip}).");
        if (await Addresses.Taken(db, network.Id).AnyAsync(taken => taken == ip, ct)) throw Addresses.IsTaken(network, ip);
        var gateway = new PrivateGateway(vpc, network, subnet, ip, clock.GetUtcNow())
        {
            SourceNat = command.SourceNatSupported == true,
            AclId = command.AclId is { } id ? await db.FindAclAsync(vpc.Id, id, ct) : AclList.DefaultDeny.Id,
        };
        db.Add(gateway);
        commit.Add((into, token) => PrivateGateways.RequireRoomAsync(into, vpc, network, gateway, token));
        return new(queue.Enqueue(OpenGateway.For(gateway), caller.Asks).Id, gateway.Id.Value);
    }

    private static Subnet SubnetOf(CreatePrivateGateway command)
    {
        var gateway = WireIp.Require(command.Gateway, nameof(command.Gateway));
        var cidr = Ipv4.NetworkOf(gateway, WireIp.RequireMask(command.Netmask, nameof(command.Netmask)));
        if (cidr.PrefixLength is < 8 or > 30) throw Refusal.Parameter($"The network {cidr} is too large or too small; use a mask between /8 and /30.");
        var (first, last) = Ipv4.HostsOf(cidr);
        var number = Ipv4.NumberOf(gateway);
        if (number < first || number > last || StaticRoute.LeadsNowhere(cidr)) throw Refusal.Parameter($"The gateway {gateway} is not an address that somebody in {cidr} can have.");
        return new(cidr, gateway);
    }

    private async Task<Network> NetworkAsync(CreatePrivateGateway command, Caller caller, Vpc vpc, Subnet subnet, Ipv4Address ip, CancellationToken ct)
    {
        if (command.Vlan is null == command.AssociatedNetworkId is null)
            throw Refusal.Parameter("Say which network is beside the VPC: one of the owner's by associatednetworkid or, as an administrator of the cloud, an operator's by vlan.");
        if (command.Vlan is { } vlan) return await PrivateGateways.OperatorsOnAsync(db, vlan, await WiresAsync(command, caller, vpc, ct), clock.GetUtcNow(), ct);
        var network = await db.FindUsableAsync(caller, command.AssociatedNetworkId!.Value, ct, nameof(command.AssociatedNetworkId));
        await db.RequireUsableAsync(network, vpc.AccountId, ct);
        if (network.VpcId is not null || network.IsPrivate) throw Refusal.Parameter($"The network {network.Name} is no isolated, L2 or shared network; tiers are reached within their VPC.");
        if (network.ZoneId != vpc.ZoneId) throw Refusal.Parameter($"The network {network.Name} is not in the zone of the VPC {vpc.Name}.");
        if (network is { IsShared: true } && command.SourceNatSupported != true && !caller.IsRootAdmin)
            throw Refusal.Permission($"Several accounts share the network {network.Name}; let what goes out have an address of it (sourcenatsupported=true), or ask an administrator of the cloud.");
        var given = network.IsRouted ? await GivenAddresses.OfAsync(db, network, ct) : [];
        if (network.IsRouted && (subnet.Cidr != network.Subnet.Cidr || !given.Have(ip) || !network.Subnet.HasRoomFor(ip)))
        {
            throw Refusal.Parameter($"ipaddress {ip} with gateway and netmask of {subnet.Cidr} does not fit the network {network.Name} ({network.Subnet.Cidr}), "
                + $"which gives {GivenAddresses.Shown(given)}.");
        }
        return network;
    }

    private async Task<PhysicalNetwork> WiresAsync(CreatePrivateGateway command, Caller caller, Vpc vpc, CancellationToken ct)
    {
        if (command.PhysicalNetworkId is not { } id) return await db.GuestWiresAsync(vpc.ZoneId, ct);
        var asked = await db.FindAsync(caller, id, ct, nameof(command.PhysicalNetworkId));
        return asked.ZoneId == vpc.ZoneId ? asked : throw Refusal.Parameter($"The physical network {asked.Name} is not in the zone of the VPC {vpc.Name}.");
    }
}
