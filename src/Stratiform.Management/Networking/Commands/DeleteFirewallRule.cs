using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets in no more what a firewall rule let in; what is connected stays so.</summary>
[Command("Deletes a firewall rule", AllowedTo.Everyone)]
internal sealed record DeleteFirewallRule : IAsyncCommand<Success>
{
    [Description("The rule")]
    public required Id<NetworkRule> Id { get; init; }
}

internal sealed class DeleteFirewallRuleHandler(CloudDb db, RuleOrders orders) : IHandle<DeleteFirewallRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteFirewallRule command, Caller caller, CancellationToken ct) =>
        await orders.RevokeAsync(caller, await db.FindRuleAsync(caller, command.Id, RulePurpose.Firewall, ct), ct);
}
