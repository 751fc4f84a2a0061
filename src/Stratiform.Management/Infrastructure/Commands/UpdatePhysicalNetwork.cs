using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Changes a physical network; enabling it is the usual use.</summary>
[Command("Updates a physical network")]
internal sealed record UpdatePhysicalNetwork : IAsyncCommand<PhysicalNetworkWire>
{
    [Description("The physical network")]
    public required Id<PhysicalNetwork> Id { get; init; }

    [Description("Enabled lets guest networks use it")]
    public AllocationState? State { get; init; }

    [Description("Range of virtual networks' numbers, first-last")]
    public string? Vlan { get; init; }
}

internal sealed class UpdatePhysicalNetworkHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdatePhysicalNetwork, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdatePhysicalNetwork command, Caller caller, CancellationToken ct)
    {
        var network = await db.FindAsync(caller, command.Id, ct);
        network.State = command.State ?? network.State;
        if (command.Vlan is { } vlan) (network.FirstVni, network.LastVni) = VniRange.Read(vlan);
        return new(queue.RecordDone(caller.Asks, nameof(PhysicalNetwork), network.Id.Value).Id);
    }
}
