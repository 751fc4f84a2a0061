using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The kinds of VPC.</summary>
[Command("Lists VPC offerings", AllowedTo.Everyone)]
internal sealed record ListVPCOfferings : ListQuery<VpcOfferingWire>
{
    [Description("Lists only this offering")]
    public Id<VpcOffering>? Id { get; init; }

    [Description("Lists only the offering of this name")]
    public string? Name { get; init; }

    [Description("Lists only offerings with this text for people")]
    public string? DisplayText { get; init; }

    [Description("True lists those that came with the cloud: none did")]
    public bool? IsDefault { get; init; }

    [Description("Lists only offerings in this state")]
    public AllocationState? State { get; init; }

    [Description("Lists only offerings with all these services, comma separated")]
    public IReadOnlyList<string>? SupportedServices { get; init; }
}

internal sealed class ListVPCOfferingsHandler(CloudDb db, Lists<VpcOfferingWire> lists) : IHandle<ListVPCOfferings, Page<VpcOfferingWire>>
{
    public Task<Page<VpcOfferingWire>> HandleAsync(ListVPCOfferings command, Caller caller, CancellationToken ct)
    {
        var offerings = db.Set<VpcOffering>().AsNoTracking();
        if (!caller.IsRootAdmin) offerings = offerings.Where(o => o.State == AllocationState.Enabled);
        if (command.Id is { } id) offerings = offerings.Where(o => o.Id == id);
        if (command.Name is { } name) offerings = offerings.Where(o => o.Name == name);
        if (command.DisplayText is { } text) offerings = offerings.Where(o => o.DisplayText == text);
        if (command.IsDefault == true) offerings = offerings.Where(_ => false);
        if (command.State is { } state) offerings = offerings.Where(o => o.State == state);
        foreach (var service in command.SupportedServices ?? []) offerings = offerings.Where(o => o.Services.Contains(service));
        if (command.Keyword is { } keyword) offerings = offerings.Where(o => EF.Functions.ILike(o.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(offerings.OrderBy(o => o.SortKey).ThenBy(o => o.CreatedAt).ThenBy(o => o.Id).Select(o => o.Id), command, caller, ct);
    }
}
