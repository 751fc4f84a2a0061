using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Adds wires to a zone.</summary>
[Command("Creates a physical network")]
internal sealed record CreatePhysicalNetwork : IAsyncCommand<PhysicalNetworkWire>
{
    [Description("The physical network's name")]
    public required string Name { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("Range of virtual networks' numbers, first-last; 1000-1000999 unless said")]
    public string? Vlan { get; init; }

    [Description("VXLAN is the one there is")]
    public IReadOnlyList<string>? IsolationMethods { get; init; }
}

internal sealed class CreatePhysicalNetworkHandler(CloudDb db, WorkflowQueue queue, TimeProvider clock)
    : IHandle<CreatePhysicalNetwork, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreatePhysicalNetwork command, Caller caller, CancellationToken ct)
    {
        var zone = await db.FindAsync(caller, command.ZoneId, ct);
        if (command.IsolationMethods?.Any(m => !m.Equals("VXLAN", StringComparison.OrdinalIgnoreCase)) == true)
            throw Refusal.Parameter("Guest networks are kept apart by VXLAN; leave isolationmethods out or send VXLAN.");
        if (await db.Set<PhysicalNetwork>().AnyAsync(n => n.ZoneId == zone.Id && n.Name == command.Name, ct))
            throw Refusal.Parameter($"The zone {zone.Name} has a physical network named {command.Name} already.");
        var network = new PhysicalNetwork(command.Name, zone, clock.GetUtcNow());
        if (command.Vlan is { } vlan) (network.FirstVni, network.LastVni) = VniRange.Read(vlan);
        db.Add(network);
        var done = queue.RecordDone(caller.Asks, nameof(PhysicalNetwork), network.Id.Value);
        return new(done.Id, network.Id.Value);
    }
}
