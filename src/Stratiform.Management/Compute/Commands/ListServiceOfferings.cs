using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>The sizes of virtual machines.</summary>
[Command("Lists service offerings", AllowedTo.Everyone)]
internal sealed record ListServiceOfferings : ListQuery<ServiceOfferingWire>
{
    [Description("Lists only this offering")]
    public Id<ServiceOffering>? Id { get; init; }

    [Description("Lists only the offering of this name")]
    public string? Name { get; init; }

    [Description("True lists offerings for the cloud's own virtual machines (administrators)")]
    public bool? IsSystem { get; init; }

    [Description("With issystem: lists only offerings for this kind of system VM")]
    public string? SystemVmType { get; init; }
}

internal sealed class ListServiceOfferingsHandler(CloudDb db, Lists<ServiceOfferingWire> lists)
    : IHandle<ListServiceOfferings, Page<ServiceOfferingWire>>
{
    public Task<Page<ServiceOfferingWire>> HandleAsync(ListServiceOfferings command, Caller caller, CancellationToken ct)
    {
        var system = command.IsSystem == true;
        if (system && !caller.IsRootAdmin) throw Refusal.Permission("Only administrators list offerings of system VMs.");
        var offerings = db.Set<ServiceOffering>().AsNoTracking().Where(o => o.IsSystem == system);
        if (command.SystemVmType?.ToLowerInvariant() is { } type) offerings = offerings.Where(o => o.SystemVmType == type);
        if (command.Id is { } id) offerings = offerings.Where(o => o.Id == id);
        if (command.Name is { } name) offerings = offerings.Where(o => o.Name == name);
        if (command.Keyword is { } keyword) offerings = offerings.Where(o => EF.Functions.ILike(o.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(offerings.OrderBy(o => o.CreatedAt).ThenBy(o => o.Id).Select(o => o.Id), command, caller, ct);
    }
}
