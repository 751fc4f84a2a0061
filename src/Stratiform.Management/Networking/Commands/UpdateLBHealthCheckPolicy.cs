using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>A load balancer looks after its members otherwise from now on.</summary>
[Command("Changes how a load balancer finds out which of its members are well", AllowedTo.Everyone, Name = "updateLBHealthCheckPolicy")]
internal sealed record UpdateLBHealthCheckPolicy : IAsyncCommand<HealthPoliciesWire>, IHealthParameters
{
    [Description("The policy")]
    public required Id<HealthPolicy> Id { get; init; }

    [Description("What members are asked for by HTTP")]
    public string? PingPath { get; init; }

    [Description("Seconds that an answer may take, 1 to 60")]
    public int? ResponseTimeout { get; init; }

    [Description("Seconds between two questions, 1 to 20940")]
    public int? IntervalTime { get; init; }

    [Description("Answers in a row after which a member is well again, 1 to 100")]
    public int? HealthyThreshold { get; init; }

    [Description("Misses in a row after which a member is left out, 1 to 100")]
    public int? UnhealthyThreshold { get; init; }
}

internal sealed class UpdateLBHealthCheckPolicyHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdateLBHealthCheckPolicy, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateLBHealthCheckPolicy command, Caller caller, CancellationToken ct)
    {
        var (rule, policy) = await db.FindHealthPolicyAsync(caller, command.Id, ct);
        return new(queue.Enqueue(ChangeBalancer.For(rule, new() { Checks = true, Check = policy.Content.With(command) }), caller.Asks).Id);
    }
}
