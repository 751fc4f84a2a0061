using System.Collections.Concurrent;
using Npgsql;

namespace Stratiform.Workflows.Tests.Engines;

/// <summary>What tiny workflows do, by a word in their state: gates hold them, switches make them fail.</summary>
internal sealed class Switchboard
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);

    /// <summary>What ran, in order.</summary>
    public ConcurrentQueue<string> Diary { get; } = new();

    /// <summary>Words whose undo fails.</summary>
    public ConcurrentDictionary<string, bool> UndoFails { get; } = new(StringComparer.Ordinal);

    /// <summary>How often a word's step fails for something transient before it succeeds.</summary>
    public ConcurrentDictionary<string, int> Transient { get; } = new(StringComparer.Ordinal);

    /// <summary>What the database says when a word's step commits, once: an SQL state.</summary>
    public ConcurrentDictionary<string, string> Races { get; } = new(StringComparer.Ordinal);

    /// <summary>What the database says to a query of a word's step, once: an SQL state.</summary>
    public ConcurrentDictionary<string, string> QueryRaces { get; } = new(StringComparer.Ordinal);

    public TaskCompletionSource Gate(string word) =>
        _gates.GetOrAdd(word, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    public Task PassAsync(string word, CancellationToken ct) => _gates.TryGetValue(word, out var gate) ? gate.Task.WaitAsync(ct) : Task.CompletedTask;
}

/// <summary>The state of tiny workflows.</summary>
public sealed record Word(string Text, bool Fails = false);

/// <summary>Writes into the diary what it does.</summary>
internal sealed class Tiny(Switchboard board) : Workflow<Word>
{
    protected override void Define(Plan plan) => plan
        .Do(Begin).Undo(TakeBack).Within(TimeSpan.FromSeconds(5))
        .Do(Finish);

    private async Task Begin(CancellationToken ct)
    {
        await board.PassAsync(State.Text, ct);
        if (board.Transient.AddOrUpdate(State.Text, -1, (_, left) => left - 1) >= 0) throw new TransientException("something is away");
        // As EF Core tells it of queries.
        if (board.QueryRaces.TryRemove(State.Text, out var query))
            throw new InvalidOperationException("likely due to a transient failure", new PostgresException("a race", "ERROR", "ERROR", query));
        if (board.Races.TryRemove(State.Text, out var state))
            InCommit((_, _) => throw new PostgresException("a race", "ERROR", "ERROR", state));
        board.Diary.Enqueue("begin " + State.Text);
    }

    private Task TakeBack(CancellationToken ct)
    {
        if (board.UndoFails.ContainsKey(State.Text)) throw new InvalidOperationException("it cannot be taken back");
        board.Diary.Enqueue("undo " + State.Text);
        return Task.CompletedTask;
    }

    private Task Finish(CancellationToken ct)
    {
        if (State.Fails) throw new CloudException(431, "it was told to fail");
        board.Diary.Enqueue("finish " + State.Text);
        return Task.CompletedTask;
    }
}

/// <summary>Orders two children.</summary>
internal sealed class TinyParent : Workflow<Word>
{
    protected override void Define(Plan plan) => plan.Run(Both);

    private Task<IReadOnlyList<Order<Tiny>>> Both(CancellationToken ct) => Task.FromResult<IReadOnlyList<Order<Tiny>>>(
        [new() { State = new Word(State.Text + " 1") }, new() { State = new Word(State.Text + " 2") }]);
}

/// <summary>Orders a child that works on the subject its word names.</summary>
internal sealed class TinyGuardian(Switchboard board) : Workflow<Word>
{
    protected override void Define(Plan plan) => plan
        .Do(Begin)
        .Run(Ward);

    private Task Begin(CancellationToken ct) => board.PassAsync(State.Text, ct);

    private Task<IReadOnlyList<Order<Tiny>>> Ward(CancellationToken ct) => Task.FromResult<IReadOnlyList<Order<Tiny>>>(
        [new() { State = new Word("ward"), Subjects = [Subject.Parse(State.Text)] }]);
}
