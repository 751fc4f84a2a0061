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

    [Description("Lists only offerings with this text for people")]
    public string? DisplayText { get; init; }

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

    [Description("True lists only offerings whose guests go out by an address of their network's own, false only others")]
    public bool? SourceNatSupported { get; init; }

    [Description("True lists only offerings whose networks are made with a range of addresses, false only others")]
    public bool? SpecifyIpRanges { get; init; }

    [Description("True lists only offerings whose networks are made with a VLAN, false only others")]
    public bool? SpecifyVlan { get; init; }

    [Description("Lists only offerings of the same kind as this network's, which it may get instead if they have what it uses")]
    public Id<Network>? NetworkId { get; init; }

    [Description("Guest is the one there is")]
    public string? TrafficType { get; init; }

    [Description("Lists only those that are Required, or only Optional ones")]
    public NetworkAvailability? Availability { get; init; }
}

internal sealed class ListNetworkOfferingsHandler(CloudDb db, Lists<NetworkOfferingWire> lists)
    : IHandle<ListNetworkOfferings, Page<NetworkOfferingWire>>
{
    public async Task<Page<NetworkOfferingWire>> HandleAsync(ListNetworkOfferings command, Caller caller, CancellationToken ct)
    {
        var offerings = db.Set<NetworkOffering>().AsNoTracking();
        if (!caller.IsRootAdmin) offerings = offerings.Where(o => o.State == AllocationState.Enabled);
        if (command.Id is { } id) offerings = offerings.Where(o => o.Id == id);
        if (command.Name is { } name) offerings = offerings.Where(o => o.Name == name);
        if (command.DisplayText is { } text) offerings = offerings.Where(o => o.DisplayText == text);
        if (command.State is { } state) offerings = offerings.Where(o => o.State == state);
        if (command.IsDefault is { } isDefault) offerings = offerings.Where(o => o.IsDefault == isDefault);
        if (command.GuestIpType is { } type) offerings = offerings.Where(o => o.Type == type);
        if (command.ForVpc is { } forVpc) offerings = offerings.Where(o => o.ForVpc == forVpc);
        foreach (var service in command.SupportedServices ?? []) offerings = offerings.Where(o => o.Services.Contains(service));
        if (command.SourceNatSupported is { } goesOut) offerings = offerings.Where(o => o.Services.Contains(NetworkServices.SourceNat) == goesOut);
        if (command.SpecifyIpRanges is { } withRange) offerings = offerings.Where(o => (o.Type == GuestNetworkType.Shared) == withRange);
        if (command.SpecifyVlan is { } withVlan) offerings = offerings.Where(o => (o.Type == GuestNetworkType.Shared) == withVlan);
        if (command.Availability is { } availability) offerings = offerings.Where(o => o.Availability == availability);
        if (command.TrafficType?.Equals("Guest", StringComparison.OrdinalIgnoreCase) == false) offerings = offerings.Where(_ => false);
        if (command.NetworkId is { } network) offerings = OfferingChanges.OfKind(db, offerings, await db.FindVisibleAsync(caller, network, ct));
        if (command.Keyword is { } keyword) offerings = offerings.Where(o => EF.Functions.ILike(o.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(offerings.OrderBy(o => o.SortKey).ThenBy(o => o.CreatedAt).ThenBy(o => o.Id).Select(o => o.Id), command, caller, ct);
    }
}
