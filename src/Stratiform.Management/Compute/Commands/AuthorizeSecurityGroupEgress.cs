using Stratiform.Management.Api;
using Stratiform.Management.Networking;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Lets the members of a security group speak to somebody; with the first such rule they speak to nobody else.</summary>
[Command("Lets the members of a security group speak to networks or other groups, and with the first such rule to nobody else", AllowedTo.Everyone)]
internal sealed record AuthorizeSecurityGroupEgress : RuleOfGroup;

internal sealed class AuthorizeSecurityGroupEgressHandler(GroupRuleOrders orders) : IHandle<AuthorizeSecurityGroupEgress, JobTicket>
{
    public Task<JobTicket> HandleAsync(AuthorizeSecurityGroupEgress command, Caller caller, CancellationToken ct) =>
        orders.AuthorizeAsync(command, AclTraffic.Egress, caller, ct);
}
