namespace Stratiform.Simulator;

/// <summary>A fault in force: tells when it strikes, and ends when it is withdrawn.</summary>
public sealed class OrderedFault
{
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _withdrawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<OrderedFault> _withdraw;
    private int _left;

    internal OrderedFault(Fault fault, Action<OrderedFault> withdraw)
    {
        (Fault, _withdraw, _left) = (fault, withdraw, fault.Times ?? int.MaxValue);
    }

    /// <summary>What was ordered.</summary>
    public Fault Fault { get; }

    /// <summary>Completes when the fault first strikes.</summary>
    public Task Struck => _struck.Task;

    /// <summary>Completes when the fault is withdrawn.</summary>
    public Task Withdrawn => _withdrawn.Task;

    /// <summary>Ends the fault: held messages go on, dead hosts boot, disks have room.</summary>
    public void Withdraw()
    {
        _withdraw(this);
        _withdrawn.TrySetResult();
    }

    internal bool Covers(int host) => Fault.Host is null || Fault.Host == host;

    internal bool TryStrike(int host, string message)
    {
        if (!Covers(host) || (Fault.Message is { } only && only != message)) return false;
        if (Fault.Times is not null && Interlocked.Decrement(ref _left) < 0) return false;
        _struck.TrySetResult();
        return true;
    }
}
