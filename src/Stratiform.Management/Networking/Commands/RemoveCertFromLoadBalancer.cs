using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>A load balancer has no certificate any more, so its port is closed until it gets another; who is connected stays so.</summary>
[Command("Takes a load balancer's certificate away; its port is closed until it gets another", AllowedTo.Everyone)]
internal sealed record RemoveCertFromLoadBalancer : IAsyncCommand<Success>
{
    [Description("The load balancer")]
    public required Id<NetworkRule> LbRuleId { get; init; }
}

internal sealed class RemoveCertFromLoadBalancerHandler(CloudDb db, WorkflowQueue queue) : IHandle<RemoveCertFromLoadBalancer, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RemoveCertFromLoadBalancer command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindRuleAsync(caller, command.LbRuleId, RulePurpose.LoadBalancing, ct);
        if (!await db.Set<LoadBalancer>().AnyAsync(b => b.RuleId == rule.Id && b.CertificateId != null, ct))
            throw Refusal.Parameter("The load balancer has no certificate.");
        return new(queue.Enqueue(ChangeBalancer.For(rule, new() { Secures = true }), caller.Asks).Id);
    }
}
