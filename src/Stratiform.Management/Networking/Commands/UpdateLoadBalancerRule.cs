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

    [Description("tcp, tcp-proxy or ssl; one that has a certificate stays ssl")]
    public string? Protocol { get; init; }

    [Description("Networks that the firewall rule lets in that it was made with, separated by commas")]
    public IReadOnlyList<string>? CidrList { get; init; }
}

internal sealed class UpdateLoadBalancerRuleHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdateLoadBalancerRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateLoadBalancerRule command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindRuleAsync(caller, command.Id, RulePurpose.LoadBalancing, ct);
        var balancer = await db.Set<LoadBalancer>().SingleAsync(b => b.RuleId == rule.Id, ct);
        var change = new BalancerChange
        {
            Algorithm = command.Algorithm is { } name ? WireBalancers.Algorithm(name) : null,
            Protocol = command.Protocol is { } protocol ? WireBalancers.Protocol(protocol) : null,
            LetIn = command.CidrList is { } cidrs ? await LetInAsync(rule, cidrs, ct) : null,
        };
        if (change.Protocol is { } to) balancer.RequireCanSpeak(to);
        balancer.Name = command.Name ?? balancer.Name;
        balancer.Description = command.Description ?? balancer.Description;
        return new(change is { Algorithm: null, Protocol: null, LetIn: null }
            ? queue.RecordDone(caller.Asks, nameof(NetworkRule), rule.Id.Value).Id
            : queue.Enqueue(ChangeBalancer.For(rule, change), caller.Asks).Id);
    }

    private async Task<IReadOnlyList<string>> LetInAsync(NetworkRule rule, IReadOnlyList<string> cidrs, CancellationToken ct) =>
        await db.Set<NetworkRule>().AnyAsync(r => r.OpenedFor == rule.Id, ct)
            ? [.. WireRules.Cidrs(cidrs, "cidrlist").Select(cidr => cidr.ToString())]
            : throw Refusal.Parameter("The load balancer has no firewall rule of its own; say who may come in by one (createFirewallRule) or, in a VPC, in the tier's ACL list (createNetworkACL).");
}
