using System.Text.Json;

namespace Stratiform.Workflows;

/// <summary>An order for a workflow: what it starts from, what it works on, on whose behalf.</summary>
public abstract record Order
{
    /// <summary>The state it starts from.</summary>
    public required object State { get; init; }

    /// <summary>
    /// All it works on. It waits until no older unfinished workflow shares one of them; a child passes those that wait for its parent.
    /// </summary>
    public IReadOnlyList<Subject> Subjects { get; init; } = [];

    /// <summary>True for destroy and forced stop: the holder of the subjects is asked to undo, and this one is admitted next.</summary>
    public bool Overtakes { get; init; }

    /// <summary>The kind of entity that it is about, for lists of jobs; empty for none.</summary>
    public string InstanceKind { get; init; } = "";

    /// <summary>That entity.</summary>
    public Guid? InstanceId { get; init; }

    /// <summary>The workflow that is ordered.</summary>
    internal abstract Type Workflow { get; }

    internal string StateJsonText => JsonSerializer.Serialize(State, State.GetType(), StateJson.Options);

    /// <summary>Tells this child from its siblings: its subjects, or its state where it has none.</summary>
    internal string ItemKey => Subjects.Count > 0 ? string.Join(' ', Subjects) : StateJsonText;
}

/// <summary>An order for a <typeparamref name="TWorkflow"/>.</summary>
public sealed record Order<TWorkflow> : Order where TWorkflow : Workflow
{
    internal override Type Workflow => typeof(TWorkflow);
}

/// <summary>Who asked for a workflow.</summary>
/// <param name="Command">The API command's name; empty for the cloud itself.</param>
/// <param name="UserId">The user; nil for the cloud itself.</param>
/// <param name="AccountId">On whose behalf.</param>
/// <param name="DomainId">That account's domain.</param>
public sealed record AskedBy(string Command, Guid UserId, Guid AccountId, Guid DomainId)
{
    /// <summary>Nobody asked: a duty of the cloud.</summary>
    public static AskedBy Cloud { get; } = new("", Guid.Empty, Guid.Empty, Guid.Empty);
}
