using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Shows an internal load balancer to its owner in lists, or does not.</summary>
[Command("Updates an internal load balancer", AllowedTo.Everyone)]
internal sealed record UpdateLoadBalancer : IAsyncCommand<InternalBalancerWire>
{
    [Description("The load balancer")]
    public required Id<NetworkRule> Id { get; init; }

    [Description("False keeps it out of its owner's lists")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public bool? ForDisplay { get; init; }
}

internal sealed class UpdateLoadBalancerHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdateLoadBalancer, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateLoadBalancer command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindRuleAsync(caller, command.Id, RulePurpose.InternalBalancing, ct);
        var balancer = await db.Set<LoadBalancer>().SingleAsync(b => b.RuleId == rule.Id, ct);
        balancer.IsHidden = !command.ForDisplay ?? balancer.IsHidden;
        return new(queue.RecordDone(caller.Asks, nameof(NetworkRule), rule.Id.Value).Id);
    }
}
