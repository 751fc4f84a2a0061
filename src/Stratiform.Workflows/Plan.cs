namespace Stratiform.Workflows;

/// <summary>The steps of a workflow in order, each with its undo. Names of methods become names of steps.</summary>
public sealed class Plan
{
    private readonly List<PlanStep> _steps = [];

    internal IReadOnlyList<PlanStep> Steps => _steps;

    /// <summary>Does something, once or twice.</summary>
    public Plan Do(Func<CancellationToken, Task> step) => Add(new DoStep(step.Method.Name, step));

    /// <summary>Takes the step before back. It begins by asking whether that ever happened.</summary>
    /// <exception cref="InvalidOperationException">There is no step before, or it has an undo.</exception>
    public Plan Undo(Func<CancellationToken, Task> undo) =>
        ReplaceLast(last => last.UndoStep is null
            ? last with { UndoStep = undo }
            : throw new InvalidOperationException($"The step '{last.Name}' has an undo already."));

    /// <summary>Orders child workflows and waits for all of them; their first failure fails this step.</summary>
    /// <param name="orders">What to order. It runs again after a crash: the same items get the same children.</param>
    public Plan Run<TChild>(Func<CancellationToken, Task<IReadOnlyList<Order<TChild>>>> orders) where TChild : Workflow =>
        Add(new RunStep(orders.Method.Name, typeof(TChild), async ct => [.. await orders(ct)]));

    /// <summary>Asks again and again until the condition holds.</summary>
    /// <param name="condition">May tell hosts what to do, as long as repeating it is harmless.</param>
    /// <param name="within">After this time the workflow fails.</param>
    public Plan Until(Func<CancellationToken, Task<bool>> condition, TimeSpan within) =>
        Add(new UntilStep(condition.Method.Name, condition) { Deadline = within });

    /// <summary>How long the step before may be tried again while something is away; 2 minutes unless said.</summary>
    public Plan Within(TimeSpan deadline) => ReplaceLast(last => last with { Deadline = deadline });

    internal Plan Whole()
    {
        if (_steps.Count == 0) throw new InvalidOperationException("A plan has at least one step.");
        var twice = _steps.GroupBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new InvalidOperationException($"The plan has two steps named '{twice.Key}'.");
        return this;
    }

    internal int IndexOf(string step)
    {
        var index = _steps.FindIndex(s => s.Name == step);
        return index >= 0 ? index : throw new InvalidOperationException($"The plan has no step '{step}'.");
    }

    private Plan Add(PlanStep step)
    {
        _steps.Add(step);
        return this;
    }

    private Plan ReplaceLast(Func<PlanStep, PlanStep> change)
    {
        if (_steps.Count == 0) throw new InvalidOperationException("There is no step before.");
        _steps[^1] = change(_steps[^1]);
        return this;
    }
}

/// <summary>One line of a plan.</summary>
internal abstract record PlanStep(string Name)
{
    public Func<CancellationToken, Task>? UndoStep { get; init; }

    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);
}

internal sealed record DoStep(string Name, Func<CancellationToken, Task> Action) : PlanStep(Name);

internal sealed record UntilStep(string Name, Func<CancellationToken, Task<bool>> Condition) : PlanStep(Name);

internal sealed record RunStep(string Name, Type Child, Func<CancellationToken, Task<IReadOnlyList<Order>>> Orders) : PlanStep(Name);
