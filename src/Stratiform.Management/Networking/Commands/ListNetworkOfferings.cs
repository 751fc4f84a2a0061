using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The kinds of network.</summary>
[Command("Lists network offerings", AllowedTo.Everyone)]
internal sealed record ListNetworkOfferings : ListQuery<NetworkOfferingWire>
{
    [Description("Lists only this offering")]
    public Id<NetworkOffering>? Id { get; init; }

    [Description("Lists only the offering of this name")]
    public string? Name { get; init; }

    [Description("Lists only offerings in this state")]
    public AllocationState? State { get; init; }

    [Description("Lists only offerings of this type: Isolated or L2")]
    public GuestNetworkType? GuestIpType { get; init; }

    [Description("Lists only those that came with the cloud, or only others")]
    public bool? IsDefault { get; init; }

    [Description("True lists only offerings for tiers of VPCs, false only others")]
    public bool? ForVpc { get; init; }

    [Description("Lists only offerings with all these services, comma separated")]
    public IReadOnlyList<string>? SupportedServices { get; init; }
}

internal sealed class ListNetworkOfferingsHandler(CloudDb db, Lists<NetworkOfferingWire> lists)
    : IHandle<ListNetworkOfferings, Page<NetworkOfferingWire>>
{
    public Task<Page<NetworkOfferingWire>> HandleAsync(ListNetworkOfferings command, Caller caller, CancellationToken ct)
    {
        var offerings = db.Set<NetworkOffering>().AsNoTracking();
        if (!caller.IsRootAdmin) offerings = offerings.Where(o => o.State == AllocationState.Enabled);
        if (command.Id is { } id) offerings = offerings.Where(o => o.Id == id);
        if (command.Name is { } name) offerings = offerings.Where(o => o.Name == name);
        if (command.State is { } state) offerings = offerings.Where(o => o.State == state);
        if (command.IsDefault is { } isDefault) offerings = offerings.Where(o => o.IsDefault == isDefault);
        if (command.GuestIpType is { } type) offerings = offerings.Where(o => o.Type == type);
        if (command.ForVpc is { } forVpc) offerings = offerings.Where(o => o.ForVpc == forVpc);
        foreach (var service in command.SupportedServices ?? []) offerings = offerings.Where(o => o.Services.Contains(service));
        if (command.Keyword is { } keyword) offerings = offerings.Where(o => EF.Functions.ILike(o.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(offerings.OrderBy(o => o.CreatedAt).ThenBy(o => o.Id).Select(o => o.Id), command, caller, ct);
    }
}
