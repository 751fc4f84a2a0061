using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Moves a rule to another place of its list; those behind it make room.</summary>
[Command("Moves a rule of an ACL list to another place", AllowedTo.Everyone)]
internal sealed record MoveNetworkAclItem : IAsyncCommand<AclRuleWire>
{
    [Description("The rule")]
    public required Id<AclRule> Id { get; init; }

    [Description("The rule that it comes behind; none puts it first")]
    public Id<AclRule>? PreviousAclRuleId { get; init; }

    [Description("The rule that it comes before; none puts it last, or behind the previous one")]
    public Id<AclRule>? NextAclRuleId { get; init; }

    [Description("MD5 in hexadecimal digits of the ids of the list's rules, one behind the other in their order: refused when the list has changed since")]
    public string? AclConsistencyHash { get; init; }
}

internal sealed class MoveNetworkAclItemHandler(CloudDb db, WorkflowQueue queue) : IHandle<MoveNetworkAclItem, JobTicket>
{
    public async Task<JobTicket> HandleAsync(MoveNetworkAclItem command, Caller caller, CancellationToken ct)
    {
        var (rule, list) = await db.FindRuleAsync(caller, command.Id, ct);
        var others = await db.Set<AclRule>().AsNoTracking().Where(r => r.ListId == list.Id && r.Id != rule.Id).OrderBy(r => r.Number).ToListAsync(ct);
        if (command.AclConsistencyHash is { } seen) Acls.RequireUnchanged([.. others, rule], seen);
        var place = PlaceAmong(others, command);
        var number = place == 0 ? 0 : others[place - 1].Number;
        var moved = new List<AclPut> { new(rule.Id, rule.Content with { Number = ++number }) };
        // Each that moves may push the next.
        foreach (var behind in others.Skip(place).TakeWhile(r => r.Number <= number)) moved.Add(new(behind.Id, behind.Content with { Number = ++number }));
        return new(queue.Enqueue(ChangeAcl.For(list, new() { About = rule.Id, Put = moved }), caller.Asks).Id);
    }

    private static int PlaceAmong(List<AclRule> others, MoveNetworkAclItem command)
    {
        int Of(Id<AclRule> id) => others.FindIndex(r => r.Id == id) is >= 0 and var place ? place
            : throw Refusal.Parameter($"The rule {id} is not another one of the same ACL list; list them again (listNetworkACLs).");
        int? previous = command.PreviousAclRuleId is { } p ? Of(p) + 1 : null, next = command.NextAclRuleId is { } n ? Of(n) : null;
        if (previous is not null && next is not null && previous != next)
            throw Refusal.Conflict("The two rules do not follow each other any more; list them again (listNetworkACLs).");
        return previous ?? next ?? throw Refusal.Parameter("Say where to: give previousaclruleid, nextaclruleid, or both.");
    }
}
