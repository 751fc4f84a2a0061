using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Ends an exception to what a network's guests may send out.</summary>
[Command("Deletes an egress firewall rule", AllowedTo.Everyone)]
internal sealed record DeleteEgressFirewallRule : IAsyncCommand<Success>
{
    [Description("The rule")]
    public required Id<NetworkRule> Id { get; init; }
}

internal sealed class DeleteEgressFirewallRuleHandler(CloudDb db, RuleOrders orders) : IHandle<DeleteEgressFirewallRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteEgressFirewallRule command, Caller caller, CancellationToken ct) =>
        await orders.RevokeAsync(caller, await db.FindRuleAsync(caller, command.Id, RulePurpose.Egress, ct), ct);
}
