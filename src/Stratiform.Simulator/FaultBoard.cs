using System.Collections.Immutable;

namespace Stratiform.Simulator;

/// <summary>The faults in force on a simulated cloud.</summary>
internal sealed class FaultBoard(IReadOnlyList<SimulatedHost> hosts)
{
    private ImmutableArray<OrderedFault> _faults = [];

    public IReadOnlyList<Fault> All => [.. _faults.Select(ordered => ordered.Fault)];

    public OrderedFault Order(Fault fault)
    {
        var ordered = new OrderedFault(fault, Withdraw);
        ImmutableInterlocked.Update(ref _faults, faults => faults.Add(ordered));
        foreach (var host in hosts.Where(host => ordered.Covers(host.Number))) Begin(fault, host);
        return ordered;
    }

    public void WithdrawAll()
    {
        foreach (var fault in _faults) fault.Withdraw();
    }

    public OrderedFault? Strike(int host, string message)
    {
        foreach (var fault in _faults)
        {
            if (fault.TryStrike(host, message)) return fault;
        }
        return null;
    }

    private static void Begin(Fault fault, SimulatedHost host)
    {
        if (fault is { Kind: FaultKind.Die, Message: null }) host.Die();
        if (fault.Kind == FaultKind.FullDisk) host.Pools.IsFull = true;
    }

    private void Withdraw(OrderedFault ordered)
    {
        ImmutableInterlocked.Update(ref _faults, faults => faults.Remove(ordered));
        foreach (var host in hosts.Where(host => ordered.Covers(host.Number)))
        {
            if (ordered.Fault.Kind == FaultKind.Die) host.Revive();
            if (ordered.Fault.Kind == FaultKind.FullDisk) host.Pools.IsFull = false;
        }
    }
}
