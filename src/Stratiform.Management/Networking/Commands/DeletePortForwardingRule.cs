using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Leads ports nowhere again, and closes the firewall rule that was opened for them.</summary>
[Command("Deletes a port forwarding rule", AllowedTo.Everyone)]
internal sealed record DeletePortForwardingRule : IAsyncCommand<Success>
{
    [Description("The rule")]
    public required Id<NetworkRule> Id { get; init; }
}

internal sealed class DeletePortForwardingRuleHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeletePortForwardingRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeletePortForwardingRule command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindRuleAsync(caller, command.Id, RulePurpose.PortForwarding, ct);
        var openings = await db.Set<NetworkRule>().Where(r => r.OpenedFor == rule.Id).ToListAsync(ct);
        return new(queue.Enqueue(RevokeRules.For([rule, .. openings]), caller.Asks).Id);
    }
}
