using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Ends a rule that lets the members of a security group speak to somebody; who is connected stays so.</summary>
[Command("Deletes an egress rule of a security group", AllowedTo.Everyone)]
internal sealed record RevokeSecurityGroupEgress : IAsyncCommand<Success>
{
    [Description("The rule")]
    public required Id<SecurityRule> Id { get; init; }
}

internal sealed class RevokeSecurityGroupEgressHandler(GroupRuleOrders orders) : IHandle<RevokeSecurityGroupEgress, JobTicket>
{
    public Task<JobTicket> HandleAsync(RevokeSecurityGroupEgress command, Caller caller, CancellationToken ct) =>
        orders.RevokeAsync(command.Id, AclTraffic.Egress, caller, ct);
}
