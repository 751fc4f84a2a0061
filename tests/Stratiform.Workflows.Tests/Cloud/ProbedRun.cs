using System.Collections.Concurrent;

namespace Stratiform.Workflows.Tests.Cloud;

/// <summary>A workflow under a law: its fault, and what was seen of it.</summary>
/// <param name="id">The workflow.</param>
/// <param name="fault">What goes wrong.</param>
/// <param name="lastStep">The last step of its plan.</param>
/// <param name="hosts">Numbers of the hosts that it may speak to.</param>
internal sealed class ProbedRun(Guid id, Fault fault, string lastStep, IReadOnlyList<int> hosts)
{
    /// <summary>How long a run may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private int _struck;
    private object? _refused;

    public Guid Id => id;

    public Fault Fault => fault;

    public string LastStep => lastStep;

    /// <summary>Completes with the row when it ended or is stuck.</summary>
    public TaskCompletionSource<WorkflowRow> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<int> Hosts => hosts;

    /// <summary>Completes when the host has answered the message that was held.</summary>
    public TaskCompletionSource LateMessage { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Steps that ran forward, with how often.</summary>
    public ConcurrentDictionary<string, int> Visits { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages to hosts that each run of a step sent: its step and number in the step.</summary>
    public ConcurrentDictionary<(string Step, int Call), string> Calls { get; } = new();

    /// <summary>Steps that ordered children.</summary>
    public ConcurrentDictionary<string, string> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the turn began that runs now.</summary>
    public Phase TurnPhase { get; set; }

    /// <summary>Whether the fault happened.</summary>
    public bool HasStruck => _struck > 0;

    /// <summary>True the first time.</summary>
    public bool TryStrike() => Interlocked.Exchange(ref _struck, 1) == 0;

    /// <summary>True for the first workflow that asks, each time: when its lease was lost, the refusal was not written down.</summary>
    public bool Refuses(Guid workflow)
    {
        _struck = 1;
        return workflow.Equals(Interlocked.CompareExchange(ref _refused, workflow, null) ?? workflow);
    }
}
