using Microsoft.EntityFrameworkCore;

namespace Stratiform.Workflows;

/// <summary>What happens to a workflow that others want to read about.</summary>
public enum Moment
{
    /// <summary>Someone asked for it.</summary>
    Enqueued,
    /// <summary>Its first step begins.</summary>
    Started,
    /// <summary>It did all it should.</summary>
    Succeeded,
    /// <summary>It failed and is undone.</summary>
    Failed,
    /// <summary>It needs an operator.</summary>
    Stuck,
}

/// <summary>Writes a workflow's moments into the database, in the same commit as the moment itself.</summary>
public interface IWorkflowJournal
{
    /// <summary>Adds rows to <paramref name="db"/>; the engine saves them.</summary>
    void Write(DbContext db, WorkflowRow row, Moment moment);
}

/// <summary>Where tests reach into a running engine. In production nothing listens.</summary>
public interface IEngineProbe
{
    /// <summary>Called at each point of each step; throwing <see cref="RunnerKilledException"/> ends the runner as a crash would.</summary>
    ValueTask AtAsync(ProbePoint point, WorkflowRow row, string step, CancellationToken ct);
}

/// <summary>Points of a step.</summary>
public enum ProbePoint
{
    /// <summary>Before the step (or undo) runs.</summary>
    BeforeStep,
    /// <summary>After its effects, before they are written down.</summary>
    BeforeCommit,
    /// <summary>After the commit.</summary>
    AfterCommit,
}

/// <summary>The runner is dead: nothing is written, released or logged any more.</summary>
public sealed class RunnerKilledException() : Exception("The runner was killed.");
