using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Spreads nothing any more, and closes the firewall rule that was opened for it; who is connected stays so.</summary>
[Command("Deletes a load balancer", AllowedTo.Everyone)]
internal sealed record DeleteLoadBalancerRule : IAsyncCommand<Success>
{
    [Description("The load balancer")]
    public required Id<NetworkRule> Id { get; init; }
}

internal sealed class DeleteLoadBalancerRuleHandler(CloudDb db, RuleOrders orders) : IHandle<DeleteLoadBalancerRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteLoadBalancerRule command, Caller caller, CancellationToken ct) =>
        await orders.RevokeAsync(caller, await db.FindRuleAsync(caller, command.Id, RulePurpose.LoadBalancing, ct), ct);
}
