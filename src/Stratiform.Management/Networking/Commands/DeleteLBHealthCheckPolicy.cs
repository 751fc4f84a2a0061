using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>A load balancer asks its members for connections, as it does for want of a policy.</summary>
[Command("Deletes a load balancer's health check policy", AllowedTo.Everyone, Name = "deleteLBHealthCheckPolicy")]
internal sealed record DeleteLBHealthCheckPolicy : IAsyncCommand<Success>
{
    [Description("The policy")]
    public required Id<HealthPolicy> Id { get; init; }
}

internal sealed class DeleteLBHealthCheckPolicyHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteLBHealthCheckPolicy, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteLBHealthCheckPolicy command, Caller caller, CancellationToken ct)
    {
        var (rule, _) = await db.FindHealthPolicyAsync(caller, command.Id, ct);
        return new(queue.Enqueue(ChangeBalancer.For(rule, new() { Checks = true }), caller.Asks).Id);
    }
}

/// <summary>Finds health check policies by their load balancers, whose owners theirs are.</summary>
internal static class HealthPolicies
{
    /// <exception cref="CloudException">It does not exist for the caller (431).</exception>
    public static async Task<(NetworkRule Rule, HealthPolicy Policy)> FindHealthPolicyAsync(
        this CloudDb db, Caller caller, Id<HealthPolicy> id, CancellationToken ct)
    {
        var policy = await db.Set<HealthPolicy>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, ct);
        var rule = policy is null ? null : await db.Visible<NetworkRule>(caller).SingleOrDefaultAsync(r => r.Id == policy.RuleId, ct);
        return rule is null ? throw Visibility.Unknown(caller, nameof(id), id) : (rule, policy!);
    }
}
