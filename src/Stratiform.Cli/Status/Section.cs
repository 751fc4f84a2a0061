namespace Stratiform.Cli.Status;

/// <summary>One part of the cloud's state: what is said of it, whether that is well, and what to do if not.</summary>
internal sealed record Section(string Name, bool IsWell, IReadOnlyList<string> Lines, string? Todo = null);
