using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The VPCs that exist for the caller.</summary>
[Command("Lists VPCs", AllowedTo.Everyone)]
internal sealed record ListVPCs : OwnedListQuery<Vpc, VpcWire>
{
    [Description("Lists only the VPC of this name")]
    public string? Name { get; init; }

    [Description("Lists only VPCs with this text for people")]
    public string? DisplayText { get; init; }

    [Description("Lists only VPCs of this range")]
    public string? Cidr { get; init; }

    [Description("Lists only VPCs of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only VPCs of this offering")]
    public Id<VpcOffering>? VpcOfferingId { get; init; }

    [Description("Lists only VPCs in this state")]
    public VpcState? State { get; init; }

    [Description("True lists VPCs that need a restart to take changes over: there are none")]
    public bool? RestartRequired { get; init; }

    [Description("Lists only VPCs whose offering has all these services, comma separated")]
    public IReadOnlyList<string>? SupportedServices { get; init; }
}

internal sealed class ListVPCsHandler(CloudDb db, Lists<VpcWire> lists) : IHandle<ListVPCs, Page<VpcWire>>
{
    public async Task<Page<VpcWire>> HandleAsync(ListVPCs command, Caller caller, CancellationToken ct)
    {
        var vpcs = await db.ListedAsync(command, caller, ct);
        if (command.Name is { } name) vpcs = vpcs.Where(v => v.Name == name);
        if (command.DisplayText is { } text) vpcs = vpcs.Where(v => v.DisplayText == text);
        if (command.Cidr is { } range)
        {
            var cidr = WireRules.Cidrs([range], "cidr")[0];
            vpcs = vpcs.Where(v => v.Cidr == cidr);
        }
        if (command.RestartRequired == true) vpcs = vpcs.Where(_ => false);
        if (command.ZoneId is { } zone) vpcs = vpcs.Where(v => v.ZoneId == zone);
        if (command.VpcOfferingId is { } offering) vpcs = vpcs.Where(v => v.OfferingId == offering);
        if (command.State is { } state) vpcs = vpcs.Where(v => v.State == state);
        foreach (var service in command.SupportedServices ?? [])
            vpcs = vpcs.Where(v => db.Set<VpcOffering>().IgnoreQueryFilters().Any(o => o.Id == v.OfferingId && o.Services.Contains(service)));
        if (command.Keyword is { } keyword) vpcs = vpcs.Where(v => EF.Functions.ILike(v.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(vpcs.OrderBy(v => v.CreatedAt).ThenBy(v => v.Id).Select(v => v.Id), command, caller, ct);
    }
}
