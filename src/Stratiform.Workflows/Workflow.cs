using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Stratiform.Workflows;

/// <summary>
/// One operation that someone asked for: a plan of small steps with undo beside do.
/// </summary>
/// <remarks>
/// A workflow lives as one row; an instance of this class lives for one step. The engine reads the state from the row, calls the
/// step, and saves what the step changed in the database together with the new state and the name of the next step: one commit.
/// So a step either happened with everything it wrote or did not happen, and any server can go on with the next.
///
/// What a step does outside the database (telling a host to start a domain) may happen and then not be written down, because the
/// process died in between. Therefore the one rule of this class: <b>a step may run twice.</b> Ask hosts for end states, key
/// reservations by their owner, choose ids in an earlier step than the call that creates them.
///
/// A step that throws is taken back, from itself backwards, since a time-out does not prove that nothing happened. Each undo
/// therefore begins by asking whether there is anything to undo. Undos may run twice as well.
///
/// Steps hold no transaction while they wait for a host. What must be true at the moment of the commit (room on a host, a
/// free address) goes into a statement given to <see cref="InCommit"/>.
/// </remarks>
public abstract class Workflow
{
    private readonly List<Func<DbContext, CancellationToken, Task>> _statements = [];

    /// <summary>Grows when steps of the plan change their names or meaning; rows of older versions run by the class that knew them.</summary>
    public virtual int Version => 1;

    /// <summary>The workflow's row: whose it is, since when, under which fence.</summary>
    protected internal WorkflowRow Row { get; internal set; } = null!;

    /// <summary>Writes the plan: the table of contents of the operation.</summary>
    protected abstract void Define(Plan plan);

    /// <summary>Runs a set-based statement in the step's own commit; if it throws, the step failed and nothing was written.</summary>
    protected void InCommit(Func<DbContext, CancellationToken, Task> statement) => _statements.Add(statement);

    internal IReadOnlyList<Func<DbContext, CancellationToken, Task>> Statements => _statements;

    internal void InEndingCommit(Func<DbContext, CancellationToken, Task> statement) => _statements.Add(statement);

    internal Plan Plan
    {
        get
        {
            var plan = new Plan();
            Define(plan);
            return plan.Whole();
        }
    }

    internal abstract void ReadState(string json);

    internal abstract string WriteState();
}

/// <summary>A workflow whose memory between steps is a <typeparamref name="TState"/>.</summary>
/// <typeparam name="TState">A record that JSON carries; its shape is kept as long as rows of the version may exist.</typeparam>
public abstract class Workflow<TState> : Workflow where TState : class
{
    /// <summary>What the steps remember; assign a changed copy, it is saved with the step.</summary>
    protected TState State { get; set; } = null!;

    internal sealed override void ReadState(string json) => State = JsonSerializer.Deserialize<TState>(json, StateJson.Options)!;

    internal sealed override string WriteState() => JsonSerializer.Serialize(State, StateJson.Options);
}

/// <summary>How state records are written: camel case, enums as text.</summary>
public static class StateJson
{
    /// <summary>The options for state records and results.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };
}
