using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Forgets wires that carry no network. It lies in this slice since networks do.</summary>
[Command("Deletes a physical network")]
internal sealed record DeletePhysicalNetwork : IAsyncCommand<Success>
{
    [Description("The physical network")]
    public required Id<PhysicalNetwork> Id { get; init; }
}

internal sealed class DeletePhysicalNetworkHandler(CloudDb db, WorkflowQueue queue, TimeProvider clock) : IHandle<DeletePhysicalNetwork, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeletePhysicalNetwork command, Caller caller, CancellationToken ct)
    {
        var wires = await db.FindAsync(caller, command.Id, ct);
        var whole = $"The physical network {wires.Name}";
        await db.Set<Network>().Where(n => n.PhysicalNetworkId == wires.Id).RequireNoneAsync(whole, "network", "deleteNetwork", ct);
        await db.Set<PublicIpRange>().Where(r => r.PhysicalNetworkId == wires.Id)
            .RequireNoneAsync(whole, "public address range", "deleteVlanIpRange", ct);
        wires.Remove(clock.GetUtcNow());
        return new(queue.RecordDone(caller.Asks, nameof(PhysicalNetwork), wires.Id.Value).Id);
    }
}
