using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>What can run guests.</summary>
[Command("Lists hypervisors", AllowedTo.Everyone)]
internal sealed record ListHypervisors : IQuery<Page<HypervisorWire>>
{
    [Description("Lists only those of this zone's clusters")]
    public Id<Zone>? ZoneId { get; init; }
}

/// <summary>A hypervisor as clients see it.</summary>
[WireName("hypervisor")]
internal sealed record HypervisorWire
{
    [Description("Its name")]
    public required string Name { get; init; }
}

internal sealed class ListHypervisorsHandler(CloudDb db) : IHandle<ListHypervisors, Page<HypervisorWire>>
{
    public async Task<Page<HypervisorWire>> HandleAsync(ListHypervisors command, Caller caller, CancellationToken ct)
    {
        IReadOnlyList<Hypervisor> known = Enum.GetValues<Hypervisor>();
        if (command.ZoneId is { } id)
        {
            var zone = await db.FindAsync(caller, id, ct, nameof(command.ZoneId));
            known = await db.Set<Cluster>().Where(c => c.ZoneId == zone.Id).Select(c => c.Hypervisor).Distinct().ToListAsync(ct);
        }
        return new(known.Count, [.. known.Order().Select(h => new HypervisorWire { Name = h.ToString() })]);
    }
}
