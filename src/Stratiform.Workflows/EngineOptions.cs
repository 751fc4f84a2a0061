namespace Stratiform.Workflows;

/// <summary>How an engine behaves; the defaults are for production, tests shorten times.</summary>
public sealed record EngineOptions
{
    /// <summary>Names this runner in leases; unique for each start of a process.</summary>
    public required string Owner { get; init; }

    /// <summary>How many workflows run at once.</summary>
    public int Slots { get; init; } = 48;

    /// <summary>How long a lease holds without renewal.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the database is asked for work that nobody announced.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>First pause before a step is tried again; it doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause between two tries.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Reconcilers run no less often than this, whatever their own interval.</summary>
    public TimeSpan LongestInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Failed tries of one undo after which the workflow is stuck.</summary>
    public int UndoTries { get; init; } = 10;

    internal TimeSpan PauseAfter(int attempt) =>
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(attempt, 16)));

    /// <summary>
    /// The pause before a condition is asked again. Doubling alone would notice what took long only after as long again; so
    /// beyond ten first pauses it stays at a tenth of what was waited.
    /// </summary>
    internal TimeSpan PauseAfter(int attempt, TimeSpan waited) =>
        TimeSpan.FromTicks(Math.Min(PauseAfter(attempt).Ticks, Math.Max(FirstPause.Ticks * 10, waited.Ticks / 10)));
}
