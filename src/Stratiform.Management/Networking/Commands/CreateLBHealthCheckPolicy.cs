using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Says how a load balancer finds out which of its members are well.</summary>
[Command("Says how a load balancer finds out which of its members are well", AllowedTo.Everyone, Name = "createLBHealthCheckPolicy")]
internal sealed record CreateLBHealthCheckPolicy : IAsyncCommand<HealthPoliciesWire>, IHealthParameters
{
    [Description("The load balancer")]
    public required Id<NetworkRule> LbRuleId { get; init; }

    [Description("What it is for, for people")]
    public string? Description { get; init; }

    [Description("What members are asked for by HTTP, for which they answer 2xx or 3xx; those of HTTP are asked for / unless said, others for a connection")]
    public string? PingPath { get; init; }

    [Description("Seconds that an answer may take, 1 to 60; 5 unless said")]
    public int? ResponseTimeout { get; init; }

    [Description("Seconds between two questions, 1 to 20940; 5 unless said")]
    public int? IntervalTime { get; init; }

    [Description("Answers in a row after which a member is well again, 1 to 100; 2 unless said")]
    public int? HealthyThreshold { get; init; }

    [Description("Misses in a row after which a member is left out, 1 to 100; 3 unless said")]
    public int? UnhealthyThreshold { get; init; }
}

internal sealed class CreateLBHealthCheckPolicyHandler(CloudDb db, WorkflowQueue queue) : IHandle<CreateLBHealthCheckPolicy, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateLBHealthCheckPolicy command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindBalancerAsync(caller, command.LbRuleId, ct);
        if (await db.Set<HealthPolicy>().FirstOrDefaultAsync(p => p.RuleId == rule.Id, ct) is { } other)
            throw Refusal.Conflict($"The load balancer has the health check policy {other.Id} already; change it (updateLBHealthCheckPolicy) or delete it first.");
        var check = new HealthCheck(Id.New<HealthPolicy>()) { Description = command.Description ?? "" }.With(command);
        return new(queue.Enqueue(ChangeBalancer.For(rule, new() { Checks = true, Check = check }), caller.Asks).Id, check.Id.Value);
    }
}
