using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Leads ports nowhere again, and closes the firewall rule that was opened for them.</summary>
[Command("Deletes a port forwarding rule", AllowedTo.Everyone)]
internal sealed record DeletePortForwardingRule : IAsyncCommand<Success>
{
    [Description("The rule")]
    public required Id<NetworkRule> Id { get; init; }
}

internal sealed class DeletePortForwardingRuleHandler(CloudDb db, RuleOrders orders) : IHandle<DeletePortForwardingRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeletePortForwardingRule command, Caller caller, CancellationToken ct) =>
        await orders.RevokeAsync(caller, await db.FindRuleAsync(caller, command.Id, RulePurpose.PortForwarding, ct), ct);
}
