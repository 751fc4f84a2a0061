using System.Collections.Concurrent;
using Stratiform.Management.Infrastructure;
using Stratiform.Workflows.Tests.Cloud;
using Stratiform.Workflows.Tests.Scenarios;
using Xunit.Abstractions;

namespace Stratiform.Workflows.Tests.Laws;

/// <summary>What holds of every workflow, so that nobody writes it for each operation.</summary>
public sealed class LawTests(SimulatedStratiform cloud, LawCount count, ITestOutputHelper output)
    : IClassFixture<SimulatedStratiform>, IClassFixture<LawCount>
{
    private static readonly IReadOnlyList<Scenario> Scenarios =
        [.. typeof(Scenario).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(Scenario)))
            .OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => (Scenario)Activator.CreateInstance(t)!)];

    // Each scenario without a fault: all laws compare with the same run.
    private static readonly ConcurrentDictionary<string, Lazy<Task<Run>>> Plain = new(StringComparer.Ordinal);

    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 12 };

    public static TheoryData<string> Names => [.. Scenarios.Select(s => s.Name)];

    [Fact]
    public void Every_workflow_has_a_scenario() =>
        cloud.Catalog.All.Select(e => e.Type).Except(Scenarios.Select(s => s.Workflow)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_workflow_does_what_it_is_for(string name)
    {
        var scenario = Find(name);
        var plain = await PlainAsync(scenario);
        count.Add(scenario.Workflow, StepsOf(scenario), Fault.None);
        plain.Row.Phase.ShouldBe(Phase.Succeeded, plain.Row.ErrorText);
        scenario.Check(plain.After);
        plain.After.Disagreements.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_workflow_that_fails_at_a_step_leaves_nothing(string name)
    {
        var scenario = Find(name);
        var before = await Run.BeforeAsync(cloud, scenario);
        var plain = await PlainAsync(scenario);
        List<Fault> faults =
        [
            .. StepsOf(scenario).SelectMany(s => new Fault[] { new(FaultKind.RefusedBefore, s), new(FaultKind.RefusedAfter, s) }),
            .. plain.Probed.Children.Keys.SelectMany(s => new Fault[] { new(FaultKind.RefusedAfterChildren, s), new(FaultKind.ChildRefused, s) }),
            .. UndosOf(scenario).SelectMany(s => new Fault[]
            {
                new(FaultKind.UndoneTwice, s), new(FaultKind.KilledBeforeCommitOfUndo, s), new(FaultKind.KilledAfterCommitOfUndo, s),
            }),
        ];
        await PlayAllAsync(scenario, faults, run => Failed(run, scenario, before));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_step_may_run_twice(string name)
    {
        var scenario = Find(name);
        var plain = await PlainAsync(scenario);
        await PlayAllAsync(scenario, StepsOf(scenario).Select(s => new Fault(FaultKind.Twice, s)), run => Ended(run, plain));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_runner_may_die_anywhere(string name)
    {
        var scenario = Find(name);
        var plain = await PlainAsync(scenario);
        List<Fault> faults =
        [
            .. StepsOf(scenario).SelectMany(s => new Fault[] { new(FaultKind.KilledBeforeCommit, s), new(FaultKind.KilledAfterCommit, s) }),
            .. plain.Probed.Calls.Keys.SelectMany(c => new Fault[]
            {
                new(FaultKind.KilledBeforeCall, c.Step, c.Call), new(FaultKind.KilledDuringCall, c.Step, c.Call),
                new(FaultKind.KilledAfterCall, c.Step, c.Call),
            }),
        ];
        await PlayAllAsync(scenario, faults, run => Ended(run, plain));
    }

    [Fact]
    public async Task Children_rank_below_what_their_ancestors_hold()
    {
        await Parallel.ForEachAsync(Scenarios, Parallelism, async (scenario, _) => await PlainAsync(scenario));
        var wrong =
            from row in cloud.Probe.Seen.Values
            from own in row.Subjects
            from held in row.Inherited
            where SubjectKinds.Ranks.Of(Subject.Parse(own).Kind) <= SubjectKinds.Ranks.Of(Subject.Parse(held).Kind)
            select $"{row.Kind} queues for {Subject.Parse(own).Kind} while {Subject.Parse(held).Kind} is held";
        wrong.Distinct().ShouldBeEmpty();
        cloud.Probe.Seen.Values.ShouldContain(row => row.Subjects.Length > 0 && row.Inherited.Length > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Any_two_that_share_a_subject_both_end(string name)
    {
        var first = Find(name);
        var before = await Run.BeforeAsync(cloud, first);
        var found = new ConcurrentBag<string>();
        var sharing = await Pair.SharingAsync(cloud, first, Scenarios.DistinctBy(s => s.Workflow));
        await Parallel.ForEachAsync(sharing, Parallelism, async (second, _) =>
        {
            var pair = await Pair.PlayAsync(cloud, first, second);
            count.Add(first.Workflow, StepsOf(first), new Fault(FaultKind.Together));
            foreach (var text in pair.Except(before.Disagreements)) found.Add($"{first} with {second}: {text}");
        });
        found.Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    private async Task PlayAllAsync(Scenario scenario, IEnumerable<Fault> faults, Func<Run, IEnumerable<string>> broken)
    {
        var found = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(faults, Parallelism, async (fault, _) =>
        {
            count.Add(scenario.Workflow, StepsOf(scenario), fault);
            try
            {
                var run = await Run.PlayAsync(cloud, scenario, fault);
                if (!run.Probed.HasStruck) found.Add($"{fault}: it never happened");
                foreach (var text in broken(run)) found.Add($"{fault}: {text}");
            }
            catch (TimeoutException)
            {
                found.Add($"{fault}: it never ended");
            }
        });
        foreach (var text in found.Order(StringComparer.Ordinal)) output.WriteLine(text);
        found.ShouldBeEmpty();
    }

    private static IEnumerable<string> Failed(Run run, Scenario scenario, Footprint before)
    {
        if (run.Row.Phase != Phase.Failed) yield return $"it ended {run.Row.Phase}: {run.Row.ErrorText}";
        foreach (var text in run.After.Disagreements.Except(before.Disagreements)) yield return text;
        if (scenario.TakesAway) yield break;
        foreach (var line in run.After.Lines.Except(before.Lines).Where(l => !IsShared(l))) yield return $"+ {line}";
        foreach (var line in before.Lines.Except(run.After.Lines).Where(l => !IsShared(l))) yield return $"- {line}";

        bool IsShared(string line) => scenario.Shared.Any(words => (line + " ").StartsWith(words + " ", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Ended(Run run, Run plain)
    {
        if (run.Row.Phase != Phase.Succeeded) yield return $"it ended {run.Row.Phase}: {run.Row.ErrorText}";
        foreach (var text in run.After.Disagreements) yield return text;
        foreach (var line in run.After.Lines.Except(plain.After.Lines)) yield return $"+ {line}";
        foreach (var line in plain.After.Lines.Except(run.After.Lines)) yield return $"- {line}";
    }

    private Task<Run> PlainAsync(Scenario scenario) =>
        Plain.GetOrAdd(scenario.Name, _ => new(() => Run.PlayAsync(cloud, scenario, Fault.None))).Value;

    private static Scenario Find(string name) => Scenarios.Single(s => s.Name == name);

    private IReadOnlyList<string> StepsOf(Scenario scenario) => [.. cloud.Catalog.Of(scenario.Workflow).Steps.Select(s => s.Name)];

    private IReadOnlyList<string> UndosOf(Scenario scenario) =>
        [.. cloud.Catalog.Of(scenario.Workflow).Steps.Where(s => s.Undo is not null).Select(s => s.Name)];
}
