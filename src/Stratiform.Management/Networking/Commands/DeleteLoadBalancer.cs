using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Spreads nothing within the VPC any more; its address is free once no other load balancer has it. Who is connected stays so.</summary>
[Command("Deletes an internal load balancer", AllowedTo.Everyone)]
internal sealed record DeleteLoadBalancer : IAsyncCommand<Success>
{
    [Description("The load balancer")]
    public required Id<NetworkRule> Id { get; init; }
}

internal sealed class DeleteLoadBalancerHandler(CloudDb db, RuleOrders orders) : IHandle<DeleteLoadBalancer, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteLoadBalancer command, Caller caller, CancellationToken ct) =>
        await orders.RevokeAsync(caller, await db.FindRuleAsync(caller, command.Id, RulePurpose.InternalBalancing, ct), ct);
}
