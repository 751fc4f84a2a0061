namespace Stratiform.Workflows.Tests.Cloud;

/// <summary>What goes wrong in a run.</summary>
internal enum FaultKind
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>The step is refused before it does anything.</summary>
    RefusedBefore,
    /// <summary>The step is refused when its effects are there and not written down.</summary>
    RefusedAfter,
    /// <summary>The step is refused when its children have ended.</summary>
    RefusedAfterChildren,
    /// <summary>A child of the step is refused when it did everything but its last commit.</summary>
    ChildRefused,
    /// <summary>The step runs twice: the first run is not written down.</summary>
    Twice,
    /// <summary>The runner dies with the step's effects there and not written down.</summary>
    KilledBeforeCommit,
    /// <summary>The runner dies after the step is written down.</summary>
    KilledAfterCommit,
    /// <summary>The runner dies before a message to a host.</summary>
    KilledBeforeCall,
    /// <summary>Another runner takes over while a message is on its way; the host gets it when the other is done.</summary>
    KilledDuringCall,
    /// <summary>The runner dies when the host has obeyed, before the step knows.</summary>
    KilledAfterCall,
    /// <summary>The last step is refused, and the undo of the step runs twice.</summary>
    UndoneTwice,
    /// <summary>The last step is refused, and the runner dies with the undo's effects not written down.</summary>
    KilledBeforeCommitOfUndo,
    /// <summary>The last step is refused, and the runner dies after the undo is written down.</summary>
    KilledAfterCommitOfUndo,
    /// <summary>Another workflow is asked for at the same time.</summary>
    Together,
}

/// <summary>One fault of one run.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Step">At which step.</param>
/// <param name="Call">At which message of the step, for those about messages.</param>
internal sealed record Fault(FaultKind Kind, string Step = "", int Call = 0)
{
    public static Fault None { get; } = new(FaultKind.None);

    public bool IsOfUndo => Kind is FaultKind.UndoneTwice or FaultKind.KilledBeforeCommitOfUndo or FaultKind.KilledAfterCommitOfUndo;

    public bool IsOfCall => Kind is FaultKind.KilledBeforeCall or FaultKind.KilledDuringCall or FaultKind.KilledAfterCall;

    public override string ToString() => Kind == FaultKind.None ? "no fault" : IsOfCall ? $"{Kind} {Call} of {Step}" : $"{Kind} {Step}";
}
