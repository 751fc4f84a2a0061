using System.Collections.Concurrent;
using Stratiform.Management.Agents;
using Stratiform.Simulator;

namespace Stratiform.Workflows.Tests.Cloud;

/// <summary>Holds every <see cref="ProbedRun"/>: reaches into engines, agents' clients and hosts, and lets each fault happen once.</summary>
internal sealed class LawProbe(WorkflowCatalog catalog, Func<Guid, Task> freeLease) : IEngineProbe
{
    private const int Refused = 431;
    private readonly ConcurrentDictionary<Guid, ProbedRun> _runs = new();
    private readonly ConcurrentDictionary<(int Host, string Message), ProbedRun> _intercepted = new();

    /// <summary>All parents' and children's rows that were seen.</summary>
    public ConcurrentDictionary<Guid, (string Kind, string[] Subjects, string[] Inherited)> Seen { get; } = new();

    /// <summary>Lets a fault happen to a workflow that is about to be ordered.</summary>
    public ProbedRun Watch(Guid id, Type workflow, IReadOnlyList<int> hosts, Fault fault) =>
        _runs[id] = new ProbedRun(id, fault, catalog.Of(workflow).Steps[^1].Name, hosts);

    public ProbedRun? Find(Guid id) => _runs.GetValueOrDefault(id);

    public async ValueTask AtAsync(ProbePoint point, WorkflowRow row, string step, CancellationToken ct)
    {
        if (point == ProbePoint.BeforeStep) Seen.TryAdd(row.Id, (row.Kind, row.Subjects, row.Inherited));
        if (row.ParentId is { } parent && Find(parent) is { } parentRun) AtChild(point, parentRun, row, step);
        if (Find(row.Id) is { } run) await AtRunAsync(point, run, row, step);
    }

    public async Task AroundAsync(MessageCall call, Func<Task> obey)
    {
        if (!_intercepted.TryRemove((call.Host.Number, call.Message), out var run))
        {
            await obey();
            return;
        }
        // The message is late: another runner takes over and ends the workflow before the host gets it.
        foreach (var host in run.Hosts) _intercepted.TryRemove((host, call.Message), out _);
        await freeLease(run.Id);
        await Task.WhenAny(run.Ended.Task, Task.Delay(ProbedRun.Patience));
        try
        {
            await obey();
        }
        finally
        {
            run.LateMessage.TrySetResult();
        }
    }

    internal async ValueTask BeforeCallAsync(WorkflowRow row, object message, int number)
    {
        if (Find(row.Id) is not { TurnPhase: Phase.Forward } run) return;
        run.Calls.TryAdd((row.Step, number), message.GetType().Name);
        if (!IsAt(run, row, number)) return;
        if (run.Fault.Kind == FaultKind.KilledBeforeCall && run.TryStrike()) await KillAsync(row.Id);
        if (run.Fault.Kind == FaultKind.KilledDuringCall && run.TryStrike())
            foreach (var host in run.Hosts) _intercepted[(host, message.GetType().Name)] = run;
    }

    internal async ValueTask AfterCallAsync(WorkflowRow row, int number)
    {
        if (Find(row.Id) is { TurnPhase: Phase.Forward } run && IsAt(run, row, number)
            && run.Fault.Kind == FaultKind.KilledAfterCall && run.TryStrike()) await KillAsync(row.Id);
    }

    private static bool IsAt(ProbedRun run, WorkflowRow row, int number) => run.Fault.Step == row.Step && run.Fault.Call == number;

    private static void AtChild(ProbePoint point, ProbedRun parent, WorkflowRow child, string step)
    {
        parent.Children.TryAdd(child.ParentStep, child.Kind);
        if (point != ProbePoint.BeforeCommit || child.Phase != Phase.Succeeded) return;
        if (parent.Fault.Kind == FaultKind.ChildRefused && parent.Fault.Step == child.ParentStep && parent.Refuses(child.Id))
            throw new CloudException(Refused, $"The law refuses {child.Kind} at {step}.");
    }

    private async Task AtRunAsync(ProbePoint point, ProbedRun run, WorkflowRow row, string step)
    {
        switch (point)
        {
            case ProbePoint.BeforeStep:
                run.TurnPhase = row.Phase;
                if (row.Phase == Phase.Forward) BeforeStep(run, step);
                break;
            case ProbePoint.BeforeCommit:
                await BeforeCommitAsync(run, row, step);
                break;
            case ProbePoint.AfterCommit:
                if (row.HasEnded || row.Phase == Phase.Stuck) run.Ended.TrySetResult(row);
                await AfterCommitAsync(run, row, step);
                break;
        }
    }

    private static void BeforeStep(ProbedRun run, string step)
    {
        var visit = run.Visits.AddOrUpdate(step, 1, (_, count) => count + 1);
        var (kind, target, _) = run.Fault;
        if (kind == FaultKind.RefusedBefore && target == step && run.Refuses(run.Id)) throw Refusal(step);
        if (kind == FaultKind.RefusedAfterChildren && target == step && visit > 1 && run.Refuses(run.Id)) throw Refusal(step);
    }

    private async Task BeforeCommitAsync(ProbedRun run, WorkflowRow row, string step)
    {
        var forward = run.TurnPhase == Phase.Forward;
        var (kind, target, _) = run.Fault;
        // To see undos, the last step fails first.
        if (run.Fault.IsOfUndo && forward && step == run.LastStep && row.Phase == Phase.Succeeded) throw Refusal(step);
        if (target != step) return;
        if (kind == FaultKind.RefusedAfter && forward && run.Refuses(run.Id)) throw Refusal(step);
        if (kind == FaultKind.Twice && forward && run.TryStrike()) throw new TransientException("the law lets it run again");
        if (kind == FaultKind.UndoneTwice && !forward && run.TryStrike()) throw new TransientException("the law lets it be undone again");
        if (kind == FaultKind.KilledBeforeCommit && forward && run.TryStrike()) await KillAsync(row.Id);
        if (kind == FaultKind.KilledBeforeCommitOfUndo && !forward && run.TryStrike()) await KillAsync(row.Id);
    }

    private async Task AfterCommitAsync(ProbedRun run, WorkflowRow row, string step)
    {
        var (kind, target, _) = run.Fault;
        if (target != step) return;
        var forward = run.TurnPhase == Phase.Forward;
        if (kind == FaultKind.KilledAfterCommit && forward && run.TryStrike()) await KillAsync(row.Id);
        if (kind == FaultKind.KilledAfterCommitOfUndo && !forward && run.TryStrike()) await KillAsync(row.Id);
    }

    private async Task KillAsync(Guid id)
    {
        await freeLease(id);
        throw new RunnerKilledException();
    }

    private static CloudException Refusal(string step) => new(Refused, $"The law refuses {step}.");
}

/// <summary>The probe of one step, which counts its messages.</summary>
internal sealed class LawAgentProbe(LawProbe probe, CurrentWorkflow current) : IAgentProbe
{
    private int _sent = -1;

    public ValueTask BeforeAsync(object message, CancellationToken ct) => probe.BeforeCallAsync(current.Row!, message, ++_sent);

    public ValueTask AfterAsync(object message, CancellationToken ct) => probe.AfterCallAsync(current.Row!, _sent);
}
