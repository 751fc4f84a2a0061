using System.ComponentModel;
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

internal sealed class CreateVlanIpRangeHandler(CloudDb db, CommandCommit commit, TimeProvider clock) : IHandle<CreateVlanIpRange, Shown<VlanIpRangeWire>>
{
    private const int MostAddresses = 65_536;

    public async Task<Shown<VlanIpRangeWire>> HandleAsync(CreateVlanIpRange command, Caller caller, CancellationToken ct)
    {
        var wires = await WiresAsync(command, caller, ct);
        if (command.ForVirtualNetwork == false) throw Refusal.Parameter("Only ranges for virtual networks exist; leave forvirtualnetwork out or send true.");
        var span = PublicIpSpan.Require(command.Gateway, command.Netmask, command.StartIp, command.EndIp, command.Vlan, MostAddresses);
        var range = new PublicIpRange(wires, span.Start, span.End, clock.GetUtcNow()) { Gateway = span.Gateway, Netmask = span.Netmask };
        if (command.DomainId is { } domain) range.KeepFor(domain, await db.KeptForAsync(caller, domain, command.Account, ct));
        else if (command.Account is not null) throw Refusal.Missing(caller.Command, "domainid");
        await db.AddApartAsync(range, commit, ct);
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
