using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Ends a rule that lets somebody speak to the members of a security group; who is connected stays so.</summary>
[Command("Deletes an ingress rule of a security group", AllowedTo.Everyone)]
internal sealed record RevokeSecurityGroupIngress : IAsyncCommand<Success>
{
    [Description("The rule")]
    public required Id<SecurityRule> Id { get; init; }
}

internal sealed class RevokeSecurityGroupIngressHandler(GroupRuleOrders orders) : IHandle<RevokeSecurityGroupIngress, JobTicket>
{
    public Task<JobTicket> HandleAsync(RevokeSecurityGroupIngress command, Caller caller, CancellationToken ct) =>
        orders.RevokeAsync(command.Id, AclTraffic.Ingress, caller, ct);
}
