using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Changes the rules of an ACL list; it ends when the VPC's router judges by them, or they are as they were before.</summary>
public sealed class ChangeAcl(CloudDb db, RoutersInStep routers) : Workflow<ChangeAcl.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="ListId">The list.</param>
    /// <param name="ScopeId">What the router of its VPC serves.</param>
    /// <param name="Change">What is asked for.</param>
    /// <param name="Back">What undoes what was done; null while nothing was.</param>
    /// <param name="Generations">The generation that the router must have applied.</param>
    public sealed record Memory(
        Id<AclList> ListId, Id<RouterScope> ScopeId, AclChange Change, AclChange? Back = null, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ChangeAcl> For(AclList list, AclChange change) => new()
    {
        State = new Memory(list.Id, new(list.VpcId!.Value.Value), change),
        Subjects = [list.Subject],
        InstanceKind = nameof(AclRule),
        InstanceId = change.About.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(Change).Undo(ChangeBack)
        .Until(RouterKnowsIt, TimeSpan.FromMinutes(5));

    private async Task Change(CancellationToken ct)
    {
        if (!await db.Set<AclList>().AnyAsync(l => l.Id == State.ListId, ct))
            throw Api.Refusal.Conflict("The ACL list was deleted meanwhile; nothing was changed.");
        State = State with { Back = Make(await RulesAsync(ct), State.Change) };
    }

    private async Task ChangeBack(CancellationToken ct)
    {
        if (State.Back is not null) Make(await RulesAsync(ct), State.Back);
    }

    private async Task<bool> RouterKnowsIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(State.ScopeId, ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private Task<List<AclRule>> RulesAsync(CancellationToken ct) => db.Set<AclRule>().Where(r => r.ListId == State.ListId).ToListAsync(ct);

    // Answers what undoes it.
    private AclChange Make(List<AclRule> rules, AclChange change)
    {
        var there = rules.ToDictionary(r => r.Id);
        if (change.Put.FirstOrDefault(p => !p.IsNew && !there.ContainsKey(p.Id)) is { } gone)
            throw Api.Refusal.Conflict($"The ACL rule {gone.Id} was deleted meanwhile; nothing was changed.");
        var removed = change.Remove.Where(there.ContainsKey).Select(id => there[id]).ToList();
        var changed = change.Put.Where(p => there.ContainsKey(p.Id)).Select(p => new AclPut(p.Id, there[p.Id].Content)).ToList();
        var added = change.Put.Where(p => !there.ContainsKey(p.Id)).Select(p => p.Id).ToList();
        var last = rules.Select(r => r.Number).DefaultIfEmpty().Max();
        foreach (var put in change.Put)
        {
            var content = put.Content.Number > 0 ? put.Content : put.Content with { Number = ++last };
            if (there.TryGetValue(put.Id, out var rule)) rule.Become(content);
            else rules.Add(db.Add(new AclRule(put.Id, State.ListId, content)).Entity);
        }
        db.RemoveRange(removed);
        RequireNumbers(rules.Except(removed));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
        return new() { About = change.About, Put = [.. changed, .. removed.Select(r => new AclPut(r.Id, r.Content, IsNew: true))], Remove = added };
    }

    private static void RequireNumbers(IEnumerable<AclRule> rules)
    {
        if (rules.GroupBy(r => r.Number).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw Api.Refusal.Conflict(string.Create(CultureInfo.InvariantCulture,
                $"The ACL rules {string.Join(" and ", twice.Select(r => r.Id))} would both have the number {twice.Key}; choose another, or leave number out for the last place."));
        }
    }
}

/// <summary>What is to change about an ACL list's rules.</summary>
public sealed record AclChange
{
    /// <summary>The rule that it is about.</summary>
    public required Id<AclRule> About { get; init; }

    /// <summary>Rules as they are from now on.</summary>
    public IReadOnlyList<AclPut> Put { get; init; } = [];

    /// <summary>Rules that go.</summary>
    public IReadOnlyList<Id<AclRule>> Remove { get; init; } = [];

    public static AclChange OfNew(AclRuleContent content)
    {
        var id = Id.New<AclRule>();
        return new() { About = id, Put = [new(id, content, IsNew: true)] };
    }
}

/// <summary>A rule as it is from now on.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Content">What it says.</param>
/// <param name="IsNew">False when it must be there already.</param>
public sealed record AclPut(Id<AclRule> Id, AclRuleContent Content, bool IsNew = false);
