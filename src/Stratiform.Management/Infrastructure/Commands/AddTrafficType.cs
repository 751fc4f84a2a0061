using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Lets a physical network carry a kind of traffic.</summary>
[Command("Adds a traffic type to a physical network")]
internal sealed record AddTrafficType : IAsyncCommand<TrafficTypeWire>
{
    [Description("The physical network")]
    public required Id<PhysicalNetwork> PhysicalNetworkId { get; init; }

    [Description("Management, Storage, Guest or Public")]
    public required TrafficType TrafficType { get; init; }

    [Description("The hosts' bridge or interface for it; the agents' own configuration unless said")]
    public string? KvmNetworkLabel { get; init; }
}

internal sealed class AddTrafficTypeHandler(CloudDb db, WorkflowQueue queue) : IHandle<AddTrafficType, JobTicket>
{
    public async Task<JobTicket> HandleAsync(AddTrafficType command, Caller caller, CancellationToken ct)
    {
        var network = await db.FindAsync(caller, command.PhysicalNetworkId, ct);
        if (await db.Set<NetworkTraffic>().AnyAsync(t => t.PhysicalNetworkId == network.Id && t.Traffic == command.TrafficType, ct))
            throw Refusal.Parameter($"{network.Name} carries {command.TrafficType} traffic already.");
        var traffic = new NetworkTraffic(network, command.TrafficType) { KvmLabel = command.KvmNetworkLabel };
        db.Add(traffic);
        return new(queue.RecordDone(caller.Asks, nameof(NetworkTraffic), traffic.Id.Value).Id, traffic.Id.Value);
    }
}
