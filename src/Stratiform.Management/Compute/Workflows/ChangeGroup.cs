using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Changes the rules of a security group; it ends when all hosts of its members judge by them, or they are as they were before.</summary>
public sealed class ChangeGroup(CloudDb db, GroupsInStep groups) : Workflow<ChangeGroup.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="GroupId">The group.</param>
    /// <param name="Add">Rules that it gets.</param>
    /// <param name="Remove">Rules that it loses.</param>
    /// <param name="Removed">What those said, once they are gone.</param>
    /// <param name="Generations">The generation that each host must have applied.</param>
    public sealed record Memory(
        Id<SecurityGroup> GroupId, IReadOnlyList<PlannedRule> Add, IReadOnlyList<Id<SecurityRule>> Remove,
        IReadOnlyList<PlannedRule>? Removed = null, IReadOnlyDictionary<Guid, long>? Generations = null);

    /// <summary>A rule with the id that it has or gets.</summary>
    /// <param name="Id">The id.</param>
    /// <param name="Content">What it says.</param>
    public sealed record PlannedRule(Id<SecurityRule> Id, SecurityRuleContent Content);

    /// <summary>It gets rules.</summary>
    public static Order<ChangeGroup> ToAdd(SecurityGroup group, IEnumerable<SecurityRuleContent> rules) =>
        For(group, [.. rules.Select(r => new PlannedRule(Id.New<SecurityRule>(), r))], []);

    /// <summary>It loses a rule.</summary>
    public static Order<ChangeGroup> ToRemove(SecurityGroup group, SecurityRule rule) => For(group, [], [rule.Id]);

    private static Order<ChangeGroup> For(SecurityGroup group, IReadOnlyList<PlannedRule> add, IReadOnlyList<Id<SecurityRule>> remove) => new()
    {
        State = new Memory(group.Id, add, remove),
        Subjects = [group.Subject],
        InstanceKind = nameof(SecurityGroup),
        InstanceId = group.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(Change).Undo(ChangeBack)
        .Until(HostsKnowIt, TimeSpan.FromMinutes(3));

    private async Task Change(CancellationToken ct)
    {
        if (!await db.Set<SecurityGroup>().AnyAsync(g => g.Id == State.GroupId, ct)) throw Refusal.Conflict("The security group was deleted meanwhile.");
        var there = await db.Set<SecurityRule>().Where(r => r.GroupId == State.GroupId).ToListAsync(ct);
        var adding = State.Add.ExceptBy(there.Select(r => r.Id), r => r.Id).ToList();
        if (adding.FirstOrDefault(a => there.Any(r => r.Content == a.Content)) is { } twice) throw SecurityGroups.IsThere(there.First(r => r.Content == twice.Content));
        if (there.Count + adding.Count > SecurityGroups.MostRules) throw SecurityGroups.TooMany(there.Count);
        var leaving = there.Where(r => State.Remove.Contains(r.Id)).ToList();
        db.AddRange(adding.Select(a => new SecurityRule(a.Id, State.GroupId, a.Content)));
        db.RemoveRange(leaving);
        State = State with { Removed = State.Removed ?? [.. leaving.Select(r => new PlannedRule(r.Id, r.Content))] };
        InCommit((commit, token) => groups.RuleChangedAsync(commit, State.GroupId, token));
    }

    private async Task ChangeBack(CancellationToken ct)
    {
        if (State.Removed is not { } removed) return;
        var there = await db.Set<SecurityRule>().Where(r => r.GroupId == State.GroupId).ToListAsync(ct);
        var added = State.Add.Select(a => a.Id).ToHashSet();
        db.RemoveRange(there.Where(r => added.Contains(r.Id)));
        db.AddRange(removed.ExceptBy(there.Select(r => r.Id), r => r.Id).Select(r => new SecurityRule(r.Id, State.GroupId, r.Content)));
        InCommit((commit, token) => groups.RuleChangedAsync(commit, State.GroupId, token));
    }

    private async Task<bool> HostsKnowIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await groups.WantedAsync(State.GroupId, ct) };
        return await groups.HaveAppliedAsync(State.Generations, Row.CreatedAt, ct);
    }
}
