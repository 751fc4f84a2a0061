using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Clients of a load balancer get any of its members again.</summary>
[Command("Deletes a load balancer's stickiness policy", AllowedTo.Everyone, Name = "deleteLBStickinessPolicy")]
internal sealed record DeleteLBStickinessPolicy : IAsyncCommand<Success>
{
    [Description("The policy")]
    public required Id<StickinessPolicy> Id { get; init; }
}

internal sealed class DeleteLBStickinessPolicyHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteLBStickinessPolicy, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteLBStickinessPolicy command, Caller caller, CancellationToken ct)
    {
        var rules = db.Visible<NetworkRule>(caller);
        var rule = await rules.SingleOrDefaultAsync(r => db.Set<StickinessPolicy>().Any(p => p.Id == command.Id && p.RuleId == r.Id), ct)
            ?? throw Visibility.Unknown(caller, nameof(command.Id), command.Id);
        return new(queue.Enqueue(ChangeBalancer.For(rule, new() { Sticks = true }), caller.Asks).Id);
    }
}
