using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>The physical networks of the cloud.</summary>
[Command("Lists physical networks")]
internal sealed record ListPhysicalNetworks : ListQuery<PhysicalNetworkWire>
{
    [Description("Lists only this physical network")]
    public Id<PhysicalNetwork>? Id { get; init; }

    [Description("Lists only the physical network of this name")]
    public string? Name { get; init; }

    [Description("Lists only physical networks of this zone")]
    public Id<Zone>? ZoneId { get; init; }
}

internal sealed class ListPhysicalNetworksHandler(CloudDb db, Lists<PhysicalNetworkWire> lists)
    : IHandle<ListPhysicalNetworks, Page<PhysicalNetworkWire>>
{
    public Task<Page<PhysicalNetworkWire>> HandleAsync(ListPhysicalNetworks command, Caller caller, CancellationToken ct)
    {
        var networks = db.Set<PhysicalNetwork>().AsNoTracking();
        if (command.Id is { } id) networks = networks.Where(n => n.Id == id);
        if (command.Name is { } name) networks = networks.Where(n => n.Name == name);
        if (command.ZoneId is { } zone) networks = networks.Where(n => n.ZoneId == zone);
        if (command.Keyword is { } keyword) networks = networks.Where(n => EF.Functions.ILike(n.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(networks.OrderBy(n => n.Id).Select(n => n.Id), command, caller, ct);
    }
}
