using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets in no more what a firewall rule let in; what is connected stays so.</summary>
[Command("Deletes a firewall rule", AllowedTo.Everyone)]
internal sealed record DeleteFirewallRule : IAsyncCommand<Success>
{
    [Description("The rule")]
    public required Id<NetworkRule> Id { get; init; }
}

internal sealed class DeleteFirewallRuleHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteFirewallRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteFirewallRule command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindRuleAsync(caller, command.Id, RulePurpose.Firewall, ct);
        return new(queue.Enqueue(RevokeRules.For(rule), caller.Asks).Id);
    }
}
