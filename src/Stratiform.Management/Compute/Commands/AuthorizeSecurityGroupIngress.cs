using Stratiform.Management.Api;
using Stratiform.Management.Networking;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Lets somebody speak to the members of a security group.</summary>
[Command("Lets networks or other groups speak to the members of a security group", AllowedTo.Everyone)]
internal sealed record AuthorizeSecurityGroupIngress : RuleOfGroup;

internal sealed class AuthorizeSecurityGroupIngressHandler(GroupRuleOrders orders) : IHandle<AuthorizeSecurityGroupIngress, JobTicket>
{
    public Task<JobTicket> HandleAsync(AuthorizeSecurityGroupIngress command, Caller caller, CancellationToken ct) =>
        orders.AuthorizeAsync(command, AclTraffic.Ingress, caller, ct);
}
