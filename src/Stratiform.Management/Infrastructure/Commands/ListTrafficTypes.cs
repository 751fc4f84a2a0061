using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>What a physical network carries.</summary>
[Command("Lists the traffic types of a physical network")]
internal sealed record ListTrafficTypes : ListQuery<TrafficTypeWire>
{
    [Description("The physical network")]
    public required Id<PhysicalNetwork> PhysicalNetworkId { get; init; }
}

internal sealed class ListTrafficTypesHandler(CloudDb db, Lists<TrafficTypeWire> lists) : IHandle<ListTrafficTypes, Page<TrafficTypeWire>>
{
    public async Task<Page<TrafficTypeWire>> HandleAsync(ListTrafficTypes command, Caller caller, CancellationToken ct)
    {
        var network = await db.FindAsync(caller, command.PhysicalNetworkId, ct);
        var types = db.Set<NetworkTraffic>().AsNoTracking().Where(t => t.PhysicalNetworkId == network.Id);
        return await lists.PageAsync(types.OrderBy(t => t.Id).Select(t => t.Id), command, caller, ct);
    }
}
