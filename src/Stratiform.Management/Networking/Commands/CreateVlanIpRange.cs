using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Adds public addresses to a zone.</summary>
[Command("Creates a range of public addresses")]
internal sealed record CreateVlanIpRange : ICommand<Shown<VlanIpRangeWire>>
{
    [Description("The zone; or give physicalnetworkid")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("The physical network that carries public traffic; the zone's unless said")]
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; init; }

    [Description("The next hop of these addresses")]
    public required string Gateway { get; init; }

    [Description("Mask of their network")]
    public required string Netmask { get; init; }

    [Description("First address")]
    public required string StartIp { get; init; }

    [Description("Last address; the first unless said")]
    public string? EndIp { get; init; }

    [Description("untagged is the one there is")]
    public string? Vlan { get; init; }

    [Description("The account for which alone its addresses are; the domain is domainid")]
    public string? Account { get; init; }

    [Description("The domain for which alone its addresses are, with all below; or where account is")]
    public Id<Domain>? DomainId { get; init; }

    [Description("True: the addresses are for routers, which is the one kind there is")]
    public bool? ForVirtualNetwork { get; init; }
}

internal sealed class CreateVlanIpRangeHandler(CloudDb db, TimeProvider clock) : IHandle<CreateVlanIpRange, Shown<VlanIpRangeWire>>
{
    private const int MostAddresses = 65_536;

    public async Task<Shown<VlanIpRangeWire>> HandleAsync(CreateVlanIpRange command, Caller caller, CancellationToken ct)
    {
        var wires = await WiresAsync(command, caller, ct);
        if (command.ForVirtualNetwork == false) throw Refusal.Parameter("Only ranges for virtual networks exist; leave forvirtualnetwork out or send true.");
        if (command.Vlan is { } vlan && !vlan.Contains("untagged", StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"vlan {vlan}: public traffic is untagged here; leave vlan out.");
        var (gateway, prefix) = (WireIp.Require(command.Gateway, nameof(command.Gateway)), WireIp.RequireMask(command.Netmask, nameof(command.Netmask)));
        var start = WireIp.Require(command.StartIp, nameof(command.StartIp));
        var end = WireIp.Optional(command.EndIp, nameof(command.EndIp)) ?? start;
        var network = Ipv4.NetworkOf(gateway, prefix);
        var (first, last) = (Ipv4.NumberOf(start), Ipv4.NumberOf(end));
        if (last < first) throw Refusal.Parameter("endip lies before startip.");
        if (last - first >= MostAddresses) throw Refusal.Parameter($"A range has at most {MostAddresses} addresses; add several.");
        if (!network.Contains(start) || !network.Contains(end)) throw Refusal.Parameter($"The range does not lie in {network}, the network of its gateway.");
        var addresses = Enumerable.Range(0, (int)(last - first) + 1).Select(i => new Ipv4Address(first + (uint)i)).ToList();
        if (addresses.Contains(Ipv4Address.Of(gateway))) throw Refusal.Parameter($"The range contains its own gateway {gateway}.");
        if (await db.Set<PublicIpAddress>().Where(a => a.ZoneId == wires.ZoneId && addresses.Contains(a.Address)).Select(a => (Ipv4Address?)a.Address).FirstOrDefaultAsync(ct) is { } taken)
            throw Refusal.Parameter($"The address {taken} is in another range of the zone.");
        var range = new PublicIpRange(wires, start, end, clock.GetUtcNow()) { Gateway = gateway, Netmask = Ipv4.MaskOf(prefix) };
        if (command.DomainId is { } domain) range.KeepFor(domain, await db.KeptForAsync(caller, domain, command.Account, ct));
        else if (command.Account is not null) throw Refusal.Missing(caller.Command, "domainid");
        db.Add(range);
        db.AddRange(addresses.Select(a => new PublicIpAddress(range, a)));
        return new(range.Id.Value);
    }

    private async Task<PhysicalNetwork> WiresAsync(CreateVlanIpRange command, Caller caller, CancellationToken ct)
    {
        if (command.PhysicalNetworkId is { } id) return await db.FindAsync(caller, id, ct, nameof(command.PhysicalNetworkId));
        if (command.ZoneId is not { } zoneId) throw Refusal.Missing(caller.Command, "zoneid");
        var zone = await db.FindAsync(caller, zoneId, ct, nameof(command.ZoneId));
        return await db.Set<PhysicalNetwork>()
            .Where(n => n.ZoneId == zone.Id && db.Set<NetworkTraffic>().Any(t => t.PhysicalNetworkId == n.Id && t.Traffic == TrafficType.Public))
            .OrderBy(n => n.Id).FirstOrDefaultAsync(ct)
            ?? throw Refusal.Parameter($"No physical network of {zone.Name} carries public traffic; add the traffic type Public (addTrafficType).");
    }
}
