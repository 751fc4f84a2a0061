using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The ranges of public addresses that zones have, and those of shared networks.</summary>
[Command("Lists ranges of public addresses and of shared networks", Shape = "vlaniprange")]
internal sealed record ListVlanIpRanges : ListQuery<VlanIpRangeWire>
{
    [Description("Lists only this range")]
    public Id<PublicIpRange>? Id { get; init; }

    [Description("Lists only ranges of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only ranges of this physical network")]
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; init; }

    [Description("Lists only ranges of this shared network")]
    public Id<Network>? NetworkId { get; init; }

    [Description("True lists only public addresses, false only those of shared networks")]
    public bool? ForVirtualNetwork { get; init; }

    [Description("Lists only ranges of this pod; guests have none of pods here")]
    public Id<Pod>? PodId { get; init; }

    [Description("Lists only ranges that these wires carry: vlan://N, vxlan://N, or untagged; a number alone means either")]
    public string? Vlan { get; init; }

    [Description("Lists only ranges that are for this domain alone")]
    public Id<Domain>? DomainId { get; init; }

    [Description("Lists only ranges that are for this account of the domain alone")]
    public string? Account { get; init; }
}

internal sealed class ListVlanIpRangesHandler(CloudDb db, Lists<VlanIpRangeWire> lists) : IHandle<ListVlanIpRanges, Page<VlanIpRangeWire>>
{
    public async Task<Page<VlanIpRangeWire>> HandleAsync(ListVlanIpRanges command, Caller caller, CancellationToken ct)
    {
        var of = (await PublicAsync(command, caller, ct)).Select(r => (Guid)(object)r.Id).Concat(Shared(command).Select(r => (Guid)(object)r.Id));
        return await lists.PageAsync(of.OrderBy(id => id), command, caller, ct);
    }

    private async Task<IQueryable<PublicIpRange>> PublicAsync(ListVlanIpRanges command, Caller caller, CancellationToken ct)
    {
        var ranges = db.Set<PublicIpRange>().AsNoTracking().Where(r => r.ZoneId != null);
        if (command.NetworkId is not null || command.PodId is not null || command.ForVirtualNetwork == false) return ranges.Where(_ => false);
        if (command.Id is { } id) ranges = ranges.Where(r => r.Id == id);
        if (command.ZoneId is { } zone) ranges = ranges.Where(r => r.ZoneId == zone);
        if (command.PhysicalNetworkId is { } wires) ranges = ranges.Where(r => r.PhysicalNetworkId == wires);
        if (command.Vlan is { } vlan)
        {
            var carrier = NumberIn(vlan);
            ranges = vlan.StartsWith("vxlan:", StringComparison.OrdinalIgnoreCase) ? ranges.Where(_ => false) : ranges.Where(r => r.Vlan == carrier);
        }
        if (command.DomainId is { } domain) ranges = ranges.Where(r => r.KeptForDomainId == domain);
        if (command.Account is not { } name) return ranges;
        var account = await db.FindAccountAsync(caller, name, command.DomainId, ct);
        return ranges.Where(r => r.KeptForAccountId == account);
    }

    private IQueryable<SharedIpRange> Shared(ListVlanIpRanges command)
    {
        var networks = db.Set<Network>().AsNoTracking().Where(n => n.IsShared);
        if (command.PodId is not null || command.DomainId is not null || command.Account is not null || command.ForVirtualNetwork == true) networks = networks.Where(_ => false);
        if (command.NetworkId is { } network) networks = networks.Where(n => n.Id == network);
        if (command.ZoneId is { } zone) networks = networks.Where(n => n.ZoneId == zone);
        if (command.PhysicalNetworkId is { } wires) networks = networks.Where(n => n.PhysicalNetworkId == wires);
        if (command.Vlan is { } vlan)
        {
            var carrier = NumberIn(vlan);
            networks = vlan.StartsWith("vlan:", StringComparison.OrdinalIgnoreCase) && carrier is not null ? networks.Where(_ => false) : networks.Where(n => n.Vni == carrier);
        }
        var ranges = db.Set<SharedIpRange>().AsNoTracking().Where(r => networks.Any(n => n.Id == r.NetworkId));
        if (command.Id is not { } id) return ranges;
        var wanted = new Id<SharedIpRange>(id.Value);
        return ranges.Where(r => r.Id == wanted);
    }

    // Null for untagged.
    private static int? NumberIn(string vlan)
    {
        var text = vlan[(vlan.LastIndexOf('/') + 1)..];
        if (text.Equals("untagged", StringComparison.OrdinalIgnoreCase)) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw Refusal.Parameter($"vlan {vlan}: give vlan://N, vxlan://N, or untagged.");
    }
}
