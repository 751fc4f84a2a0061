using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Adds public addresses to a zone, or addresses to a shared network.</summary>
[Command("Creates a range of public addresses, or of addresses of a shared network")]
internal sealed record CreateVlanIpRange : ICommand<Shown<VlanIpRangeWire>>
{
    [Description("The zone; or give physicalnetworkid or networkid")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("The physical network that carries public traffic; the zone's unless said")]
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; init; }

    [Description("The shared network that gets the addresses; public ones unless said")]
    public Id<Network>? NetworkId { get; init; }

    [Description("The next hop of these addresses; that of the shared network unless said")]
    public string? Gateway { get; init; }

    [Description("Mask of their network; that of the shared network unless said")]
    public string? Netmask { get; init; }

    [Description("First address")]
    public required string StartIp { get; init; }

    [Description("Last address; the first unless said")]
    public string? EndIp { get; init; }

    [Description("The VLAN of the public wires that carries them: its number, or untagged, as without it; a shared network has its own wires")]
    public string? Vlan { get; init; }

    [Description("The account for which alone its addresses are; the domain is domainid")]
    public string? Account { get; init; }

    [Description("The domain for which alone its addresses are, with all below; or where account is")]
    public Id<Domain>? DomainId { get; init; }

    [Description("True: public addresses, for routers; false: addresses of a shared network. As networkid says, unless given")]
    public bool? ForVirtualNetwork { get; init; }

    [Description("True: only system VMs get them")]
    public bool? ForSystemVms { get; init; }

    [Description("Refused: pods have their own ranges (createPod)")]
    public Id<Pod>? PodId { get; init; }
}

internal sealed class CreateVlanIpRangeHandler(CloudDb db, CommandCommit commit, TimeProvider clock) : IHandle<CreateVlanIpRange, Shown<VlanIpRangeWire>>
{
    private const int MostAddresses = 65_536;

    public async Task<Shown<VlanIpRangeWire>> HandleAsync(CreateVlanIpRange command, Caller caller, CancellationToken ct)
    {
        if (command.PodId is not null) throw Refusal.Parameter("Guests have no addresses of pods here; leave podid out, and give networkid for those of a shared network.");
        if (command.NetworkId is not null != (command.ForVirtualNetwork == false) && command.ForVirtualNetwork is not null)
            throw Refusal.Parameter("forvirtualnetwork=true goes with public addresses, forvirtualnetwork=false with networkid, the shared network that gets them.");
        if (command.NetworkId is { } id) return Add(await db.FindAsync(caller, id, ct, nameof(command.NetworkId)), command);
        var wires = await WiresAsync(command, caller, ct);
        var (gateway, netmask) = (command.Gateway ?? throw Refusal.Missing(caller.Command, "gateway"), command.Netmask ?? throw Refusal.Missing(caller.Command, "netmask"));
        var span = PublicIpSpan.Require(gateway, netmask, command.StartIp, command.EndIp, command.Vlan, MostAddresses);
        var range = new PublicIpRange(wires, span.Start, span.End, clock.GetUtcNow())
        {
            Gateway = span.Gateway,
            Netmask = span.Netmask,
            Vlan = span.Vlan,
            ForSystemVms = command.ForSystemVms == true,
        };
        if (range is { ForSystemVms: true, Vlan: not null }) throw Refusal.Parameter("System VMs have untagged addresses; leave forsystemvms or vlan out.");
        if (range.ForSystemVms && (command.Account is not null || command.DomainId is not null))
            throw Refusal.Parameter("System VMs are no account's; leave account and domainid out, or forsystemvms.");
        if (command.DomainId is { } domain) range.KeepFor(domain, await db.KeptForAsync(caller, domain, command.Account, ct));
        else if (command.Account is not null) throw Refusal.Missing(caller.Command, "domainid");
        await db.AddApartAsync(range, commit, ct);
        return new(range.Id.Value);
    }

    // All of its addresses are of one network, which is what its router serves.
    private Shown<VlanIpRangeWire> Add(Network network, CreateVlanIpRange command)
    {
        if (!network.IsShared || network.Cidr is not { } cidr)
            throw Refusal.Parameter($"The network {network.Name} is not shared, and has all addresses of its own; leave networkid out to add public ones.");
        if (command.ZoneId is { } zone && zone != network.ZoneId || command.PhysicalNetworkId is { } wires && wires != network.PhysicalNetworkId)
            throw Refusal.Parameter($"The network {network.Name} is elsewhere; leave zoneid and physicalnetworkid out.");
        if (command.Vlan is { } vlan && SharedNetworks.Vni(vlan) != network.Vni)
            throw Refusal.Parameter($"The network {network.Name} is on {network.Wires}; leave vlan out.");
        if (command.Account is not null || command.DomainId is not null || command.ForSystemVms == true)
            throw Refusal.Parameter($"Whoever may use the network {network.Name} may have any of its addresses; leave account, domainid and forsystemvms out.");
        var span = PublicIpSpan.Require(command.Gateway ?? network.Gateway!.ToString(), command.Netmask ?? Ipv4.MaskOf(cidr.PrefixLength).ToString(),
            command.StartIp, command.EndIp, vlan: null, MostAddresses);
        if (Ipv4.NetworkOf(span.Gateway, Ipv4.PrefixOf(span.Netmask)) != cidr || !span.Gateway.Equals(network.Gateway))
        {
            throw Refusal.Parameter($"The network {network.Name} is {cidr} with the gateway {network.Gateway}, and its router serves no other one; "
                + "leave gateway and netmask out, or create another shared network (createNetwork).");
        }
        var range = new SharedIpRange(network, Ipv4Address.Of(span.Start), Ipv4Address.Of(span.End));
        var (first, last) = Ipv4.HostsOf(cidr);
        if (range.StartIp.Number < first || range.EndIp.Number > last) throw Refusal.Parameter($"The range has an address that {cidr} has not for hosts; it has {Ipv4.AddressOf(first)} to {Ipv4.AddressOf(last)}.");
        db.Add(range);
        commit.Add((into, token) => GivenAddresses.RequireApartAsync(into, range, token));
        return new(range.Id.Value);
    }

    private async Task<PhysicalNetwork> WiresAsync(CreateVlanIpRange command, Caller caller, CancellationToken ct)
    {
        if (command.PhysicalNetworkId is { } id) return await db.FindAsync(caller, id, ct, nameof(command.PhysicalNetworkId));
        if (command.ZoneId is not { } zoneId) throw Refusal.Missing(caller.Command, "zoneid");
        var zone = await db.FindAsync(caller, zoneId, ct, nameof(command.ZoneId));
        return await db.PublicWiresAsync(zone.Id, ct)
            ?? throw Refusal.Parameter($"No physical network of {zone.Name} carries public traffic; add the traffic type Public (addTrafficType).");
    }
}
