namespace Stratiform.Management.Events;

/// <summary>One kind of event: a static field beside what causes it, found by reflection.</summary>
/// <param name="Name">The wire name: <c>VM.CREATE</c>.</param>
public sealed record EventType(string Name)
{
    /// <summary>The commands that record it by being carried out: their jobs, or themselves when they need no job.</summary>
    public IReadOnlyList<string> Of { get; init; } = [];
}
