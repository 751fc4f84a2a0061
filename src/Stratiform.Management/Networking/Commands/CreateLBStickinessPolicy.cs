using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets clients of a load balancer come back to the member that they had.</summary>
[Command("Lets clients of a load balancer come back to the member that they had", AllowedTo.Everyone, Name = "createLBStickinessPolicy")]
internal sealed record CreateLBStickinessPolicy : IAsyncCommand<StickinessWire>
{
    [Description("The load balancer")]
    public required Id<NetworkRule> LbRuleId { get; init; }

    [Description("The policy's name")]
    [MaxLength(255)]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    public string? Description { get; init; }

    [Description("LbCookie, AppCookie or SourceBased")]
    public required string MethodName { get; init; }

    [Description("The method's parameters: param[0].name and param[0].value")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Param { get; init; }
}

internal sealed class CreateLBStickinessPolicyHandler(CloudDb db, WorkflowQueue queue) : IHandle<CreateLBStickinessPolicy, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateLBStickinessPolicy command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindBalancerAsync(caller, command.LbRuleId, ct);
        if (await db.Set<StickinessPolicy>().FirstOrDefaultAsync(p => p.RuleId == rule.Id, ct) is { } other)
            throw Refusal.Conflict($"The load balancer has the stickiness policy {other.Name} already; delete it first (deleteLBStickinessPolicy, id {other.Id}).");
        var method = StickyParameters.Method(command.MethodName);
        var sent = (command.Param ?? []).Select(p => (p.GetValueOrDefault("name") ?? "", p.GetValueOrDefault("value") ?? ""));
        var policy = new Stickiness(Id.New<StickinessPolicy>(), command.Name, command.Description ?? "", method, StickyParameters.Check(method, sent));
        var order = ChangeBalancer.For(rule, new() { Sticks = true, Stickiness = policy });
        return new(queue.Enqueue(order, caller.Asks).Id, policy.Id.Value);
    }
}
