using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Changes how a load balancer chooses among its members, or what it is called.</summary>
[Command("Updates a load balancer", AllowedTo.Everyone, Shape = "loadbalancer")]
internal sealed record UpdateLoadBalancerRule : IAsyncCommand<LoadBalancerRuleWire>
{
    [Description("The load balancer")]
    public required Id<NetworkRule> Id { get; init; }

    [Description("A new name")]
    [MaxLength(255)]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? Description { get; init; }

    [Description("roundrobin, leastconn or source")]
    public string? Algorithm { get; init; }
}

internal sealed class UpdateLoadBalancerRuleHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdateLoadBalancerRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateLoadBalancerRule command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindRuleAsync(caller, command.Id, RulePurpose.LoadBalancing, ct);
        var balancer = await db.Set<LoadBalancer>().SingleAsync(b => b.RuleId == rule.Id, ct);
        balancer.Name = command.Name ?? balancer.Name;
        balancer.Description = command.Description ?? balancer.Description;
        return new(command.Algorithm is { } name
            ? queue.Enqueue(ChangeBalancer.For(rule, new() { Algorithm = WireBalancers.Algorithm(name) }), caller.Asks).Id
            : queue.RecordDone(caller.Asks, nameof(NetworkRule), rule.Id.Value).Id);
    }
}
