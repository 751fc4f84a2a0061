using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>A load balancer spreads to these virtual machines too.</summary>
[Command("Makes virtual machines members of a load balancer", AllowedTo.Everyone)]
internal sealed record AssignToLoadBalancerRule : IAsyncCommand<Success>
{
    [Description("The load balancer")]
    public required Id<NetworkRule> Id { get; init; }

    [Description("The virtual machines, separated by commas")]
    public IReadOnlyList<Id<VirtualMachine>>? VirtualMachineIds { get; init; }
}

internal sealed class AssignToLoadBalancerRuleHandler(CloudDb db, WorkflowQueue queue) : IHandle<AssignToLoadBalancerRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(AssignToLoadBalancerRule command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindBalancerAsync(caller, command.Id, ct);
        var network = await db.FindVisibleAsync(caller, rule.NetworkId, ct, nameof(command.Id));
        if (command.VirtualMachineIds is not { Count: > 0 } vms) throw Refusal.Missing(caller.Command, "virtualmachineids");
        var cards = new List<Id<Nic>>();
        foreach (var id in vms.Distinct())
        {
            var vm = await db.FindVisibleAsync(caller, id, ct, nameof(command.VirtualMachineIds));
            cards.Add((await GuestCards.FindAsync(db, vm, network, ct)).Id);
        }
        return new(queue.Enqueue(ChangeBalancer.For(rule, new() { Assign = cards }), caller.Asks).Id);
    }
}
