using System.ComponentModel;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Adds a network; its router starts with its first guest, or at once where the offering is persistent.</summary>
[Command("Creates a network", AllowedTo.Everyone)]
internal sealed record CreateNetwork : ICommand<Shown<NetworkWire>>
{
    [Description("The network's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    public string? DisplayText { get; init; }

    [Description("Its offering")]
    public required Id<NetworkOffering> NetworkOfferingId { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("The physical network that carries it; the zone's unless said")]
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; init; }

    [Description("The router's address, in a shared network that of its way out; with netmask it says the range, else the zone's default range is used")]
    public string? Gateway { get; init; }

    [Description("Its mask")]
    public string? Netmask { get; init; }

    [Description("Of a shared network: the first address that it may give")]
    public string? StartIp { get; init; }

    [Description("Of a shared network: the last address that it may give")]
    public string? EndIp { get; init; }

    [Description("Of a shared network: where it is; untagged for the hosts' own bridge for guests, or the number of a VXLAN")]
    public string? Vlan { get; init; }

    [Description("Of a shared network: who may use it; Account, or Domain for all accounts of domainid, which is every account unless said")]
    public NetworkAclType? AclType { get; init; }

    [Description("Of a shared network with acltype=Domain: false leaves accounts of domains below out")]
    public bool? SubdomainAccess { get; init; }

    [Description("Of a shared network: the address that its router has; one of those that it may give unless said")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? RouterIp { get; init; }

    [Description("False keeps it out of tenants' lists")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public bool? DisplayNetwork { get; init; }

    [Description("The VPC that it becomes a tier of; with gateway, netmask and an offering for tiers")]
    public Id<Vpc>? VpcId { get; init; }

    [Description("Says what may go into the tier and out of it; default_deny unless said")]
    public Id<AclList>? AclId { get; init; }

    [Description("Search domain of its guests; a tier has its VPC's")]
    public string? NetworkDomain { get; init; }

    [Description("The first name server that its router asks; the zone's unless said, and a tier has its VPC's")]
    public string? Dns1 { get; init; }

    [Description("The second one")]
    public string? Dns2 { get; init; }

    [Description("The public address that its guests go out by, if it is free; any unless said")]
    public string? SourceNatIpAddress { get; init; }

    [Description("Largest packet of its guests, bytes; who may say it and how much the settings say (vr.private.interface.max.mtu)")]
    public int? PrivateMtu { get; init; }

    [Description("Largest packet that its router sends to the public network, bytes; a tier has its VPC's")]
    public int? PublicMtu { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class CreateNetworkHandler(
    CloudDb db, Addresses addresses, Limits limits, LiveSettings settings, CommandCommit commit, WorkflowQueue queue, TimeProvider clock)
    : IHandle<CreateNetwork, Shown<NetworkWire>>
{
    public async Task<Shown<NetworkWire>> HandleAsync(CreateNetwork command, Caller caller, CancellationToken ct)
    {
        var zone = await db.FindAsync(caller, command.ZoneId, ct);
        var offering = await db.FindAsync(caller, command.NetworkOfferingId, ct);
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        if (offering.ForVpc && command.VpcId is null) throw Refusal.Parameter($"The network offering {offering.Name} is for tiers of VPCs; give vpcid, or choose another.");
        if (command is { VpcId: null, AclId: not null }) throw Refusal.Parameter("aclid is of tiers of VPCs; give vpcid, or guard the network by its own rules (createFirewallRule).");
        if (offering.Type != GuestNetworkType.Shared && command.AclType == NetworkAclType.Domain)
            throw Refusal.Parameter("acltype=Domain is of shared networks; choose an offering of type Shared, or leave acltype out.");
        if (offering.State != AllocationState.Enabled) throw Refusal.Parameter($"The network offering {offering.Name} is disabled; choose another.");
        var wires = await WiresAsync(command, zone, caller, ct);
        var subnet = offering.Type == GuestNetworkType.L2 ? NoSubnet(command) : SubnetOf(command, zone);
        if (subnet is not null) await NetworkServices.RequireProviderAsync(db, wires.Id, ct);
        var domain = DomainName.Require(command.NetworkDomain ?? zone.NetworkDomain ?? "cloud.internal", nameof(command.NetworkDomain));
        var network = command.VpcId is { } vpcId
            ? await TierAsync(command, await db.FindVisibleAsync(caller, vpcId, ct, nameof(command.VpcId)), zone, offering, wires, subnet, ct)
            : offering.Type == GuestNetworkType.Shared ? await SharedAsync(command, caller, offering, wires, subnet!, domain, ct)
            : new Network(command.Name, offering, wires, subnet, owner.AccountId, owner.DomainId, clock.GetUtcNow()) { NetworkDomain = domain };
        network.DisplayText = command.DisplayText ?? command.Name;
        Size(network, offering, command, caller);
        network.IsHidden = command.DisplayNetwork == false;
        if (command.RouterIp is { } own) network.RouterIp = SharedNetworks.RequireRouterIp(network, own);
        if (NameServers.Read(command.Dns1, command.Dns2) is { } servers)
        {
            NameServers.RequireOwn(network);
            network.NameServers = servers;
        }
        if (command.SourceNatIpAddress is { } wished)
        {
            if (network.VpcId is not null) throw Refusal.Parameter("Tiers go out by their VPC's address; leave sourcenatipaddress out, or give it to createVPC.");
            offering.Require(NetworkServices.SourceNat);
            await addresses.TakeChosenAsync(GoesOut.Of(network), zone.Id, wished, limits, commit, ct);
        }
        db.Add(network);
        if (offering.IsPersistent) queue.Enqueue(ImplementNetwork.For(network), caller.Asks);
        if (!network.IsShared) commit.Add((into, token) => limits.TakeAsync(into, network.AccountId, network.Id.Value, ResourceKind.Network, 1, token));
        return new(network.Id.Value);
    }

    private void Size(Network network, NetworkOffering offering, CreateNetwork command, Caller caller)
    {
        network.Mtu = Mtus.Private(settings, caller, command.PrivateMtu) ?? Mtus.Usual(settings);
        if (command.PublicMtu is not null) Mtus.RequireOwnWayOut(network);
        if (network.Scope is not { } scope) return;
        scope.PublicMtu = Mtus.Public(settings, caller, command.PublicMtu) ?? Mtus.UsualPublic(settings);
        if (offering.RouterMade is { } made) scope.MakeRoutersOf(made);
    }

    private async Task<Network> SharedAsync(
        CreateNetwork command, Caller caller, NetworkOffering offering, PhysicalNetwork wires, Subnet subnet, string domain, CancellationToken ct)
    {
        var use = await SharedNetworks.ReadAsync(db, command, caller, wires, subnet, ct);
        var cloud = await db.Set<Account>().SingleAsync(a => a.Id == Bootstrap.SystemAccountId, ct);
        var network = new Network(command.Name, offering, wires, subnet, use, cloud, clock.GetUtcNow()) { NetworkDomain = domain };
        db.Add(new SharedIpRange(network, use.First, use.Last));
        return network;
    }

    private async Task<Network> TierAsync(
        CreateNetwork command, Vpc vpc, Zone zone, NetworkOffering offering, PhysicalNetwork wires, Subnet? subnet, CancellationToken ct)
    {
        if (!offering.ForVpc) throw Refusal.Parameter($"The network offering {offering.Name} is not for tiers of VPCs; choose another (listNetworkOfferings forvpc=true).");
        if (vpc.ZoneId != zone.Id) throw Refusal.Parameter($"The VPC {vpc.Name} is not in {zone.Name}; use its zone.");
        if (command.Gateway is null) throw Refusal.Parameter($"Say which part of the VPC's range {vpc.Cidr} the tier has: give gateway and netmask.");
        if (command.NetworkDomain is { } domain && !domain.Equals(vpc.NetworkDomain, StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"Tiers have the search domain of their VPC, {vpc.NetworkDomain}; leave networkdomain out.");
        (await db.Set<VpcOffering>().IgnoreQueryFilters().SingleAsync(o => o.Id == vpc.OfferingId, ct)).RequireFor(offering);
        vpc.RequireWithin(subnet!.Cidr);
        var acl = command.AclId is { } id ? await db.FindAclAsync(vpc.Id, id, ct) : AclList.DefaultDeny.Id;
        var tier = new Network(command.Name, offering, wires, subnet, vpc, acl, clock.GetUtcNow()) { NetworkDomain = vpc.NetworkDomain };
        commit.Add((into, token) => Tiers.RequireRoomAsync(into, vpc, tier, token));
        return tier;
    }

    private async Task<PhysicalNetwork> WiresAsync(CreateNetwork command, Zone zone, Caller caller, CancellationToken ct)
    {
        if (command.PhysicalNetworkId is { } id)
        {
            var asked = await db.FindAsync(caller, id, ct, nameof(command.PhysicalNetworkId));
            return asked.ZoneId == zone.Id ? asked : throw Refusal.Parameter($"The physical network {asked.Name} is not in {zone.Name}.");
        }
        return await db.GuestWiresAsync(zone.Id, ct);
    }

    private static Subnet? NoSubnet(CreateNetwork command) => (command.Gateway ?? command.Netmask) is null ? null
        : throw Refusal.Parameter("An L2 network has no addresses of its own; leave gateway and netmask out, or use an Isolated offering.");

    private static Subnet SubnetOf(CreateNetwork command, Zone zone)
    {
        if (command.Gateway is null != command.Netmask is null) throw Refusal.Parameter("gateway and netmask go together.");
        var cidr = command.Gateway is { } text
            ? Ipv4.NetworkOf(WireIp.Require(text, nameof(command.Gateway)), WireIp.RequireMask(command.Netmask!, nameof(command.Netmask)))
            : IPNetwork.Parse(zone.GuestCidr);
        if (cidr.PrefixLength is < 8 or > 29) throw Refusal.Parameter($"The network {cidr} is too large or too small; use a mask between /8 and /29.");
        var (first, last) = Ipv4.HostsOf(cidr);
        var gateway = command.Gateway is { } given ? IPAddress.Parse(given) : Ipv4.AddressOf(first);
        var number = Ipv4.NumberOf(gateway);
        if (number < first || number >= last) throw Refusal.Parameter($"The gateway {gateway} is not an address that {cidr} has for hosts.");
        return new(cidr, gateway);
    }
}
