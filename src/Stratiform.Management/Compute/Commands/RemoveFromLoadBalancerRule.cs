using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>A load balancer spreads to these virtual machines no more; who is connected to them stays so.</summary>
[Command("Takes virtual machines out of a load balancer", AllowedTo.Everyone)]
internal sealed record RemoveFromLoadBalancerRule : IAsyncCommand<Success>
{
    [Description("The load balancer")]
    public required Id<NetworkRule> Id { get; init; }

    [Description("The virtual machines, separated by commas")]
    public IReadOnlyList<Id<VirtualMachine>>? VirtualMachineIds { get; init; }
}

internal sealed class RemoveFromLoadBalancerRuleHandler(CloudDb db, WorkflowQueue queue) : IHandle<RemoveFromLoadBalancerRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RemoveFromLoadBalancerRule command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindBalancerAsync(caller, command.Id, ct);
        if (command.VirtualMachineIds is not { Count: > 0 } vms) throw Refusal.Missing(caller.Command, "virtualmachineids");
        var cards = new List<Id<Nic>>();
        foreach (var id in vms.Distinct())
        {
            var vm = await db.FindVisibleAsync(caller, id, ct, nameof(command.VirtualMachineIds));
            var member = await db.Set<LoadBalancerMember>()
                .Where(m => m.RuleId == rule.Id && db.Set<Nic>().Any(n => n.Id == m.NicId && n.GuestId == vm.Id.Value))
                .Select(m => (Id<Nic>?)m.NicId).FirstOrDefaultAsync(ct);
            cards.Add(member ?? throw Refusal.Parameter($"The virtual machine {vm.Name} is no member of this load balancer (listLoadBalancerRuleInstances)."));
        }
        return new(queue.Enqueue(ChangeBalancer.For(rule, new() { Remove = cards }), caller.Asks).Id);
    }
}
