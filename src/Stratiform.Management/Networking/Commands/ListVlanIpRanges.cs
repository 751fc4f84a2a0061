using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The ranges of public addresses that zones have.</summary>
[Command("Lists ranges of public addresses", Shape = "vlaniprange")]
internal sealed record ListVlanIpRanges : ListQuery<VlanIpRangeWire>
{
    [Description("Lists only this range")]
    public Id<PublicIpRange>? Id { get; init; }

    [Description("Lists only ranges of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only ranges of this physical network")]
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; init; }

    [Description("Lists only ranges that this VLAN carries: its number, or untagged")]
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
        var ranges = db.Set<PublicIpRange>().AsNoTracking().Where(r => r.ZoneId != null);
        if (command.Id is { } id) ranges = ranges.Where(r => r.Id == id);
        if (command.ZoneId is { } zone) ranges = ranges.Where(r => r.ZoneId == zone);
        if (command.PhysicalNetworkId is { } wires) ranges = ranges.Where(r => r.PhysicalNetworkId == wires);
        if (command.Vlan is { } vlan)
        {
            var carrier = vlan.Replace("vlan://", "", StringComparison.OrdinalIgnoreCase).ToLowerInvariant();
            ranges = ranges.Where(r => r.Vlan == carrier);
        }
        if (command.DomainId is { } domain) ranges = ranges.Where(r => r.KeptForDomainId == domain);
        if (command.Account is { } name)
        {
            var account = await db.FindAccountAsync(caller, name, command.DomainId, ct);
            ranges = ranges.Where(r => r.KeptForAccountId == account);
        }
        return await lists.PageAsync(ranges.OrderBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }
}
