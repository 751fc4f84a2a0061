using System.Collections.Concurrent;
using Stratiform.Protocol;

namespace Stratiform.Agent.Fencing;

/// <summary>
/// Lets one message at a time act for a subject, and none that a later runner has overtaken. The fence is written down before
/// the message is obeyed, so that a runner which lost its lease can do nothing more from the moment its successor has spoken,
/// even if the agent dies in between. A higher fence cancels what a lower one is still doing, then waits for it to end.
/// </summary>
public sealed class FenceGate(IFenceStore store)
{
    private readonly ConcurrentDictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    /// <summary>Runs <paramref name="obey"/> for the order, or throws <see cref="HostErrorCode.StaleFence"/>.</summary>
    public async Task<T> EnterAsync<T>(Order order, Thing thing, Func<CancellationToken, Task<T>> obey, CancellationToken ct)
    {
        var turn = Join(order.Subject);
        try
        {
            turn.Overtake(order.Fence);
            await turn.Door.WaitAsync(ct);
            try
            {
                await AdmitAsync(order, thing, turn.Wanted, ct);
                using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
                return await turn.RunAsync(cancel, obey);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw Stale(order, turn.Wanted);
            }
            finally
            {
                turn.Door.Release();
            }
        }
        finally
        {
            Leave(order.Subject, turn);
        }
    }

    private async Task AdmitAsync(Order order, Thing thing, long wanted, CancellationToken ct)
    {
        var (known, owner) = (store.FenceOf(order.Subject), store.OwnerOf(thing));
        if (order.Fence < Math.Max(known, wanted)) throw Stale(order, Math.Max(known, wanted));
        if (owner is not null && owner != order.Subject && !Outranks(order, owner))
            throw new HostException(HostErrorCode.Invalid, $"{thing} belongs to {owner}, not to {order.Subject}.");
        // It stays the owner's until it is gone, and a runner of the owner's that is late must not bring it back.
        if (order.Fence > known || owner != order.Subject) await store.RecordAsync(owner ?? order.Subject, order.Fence, thing, ct);
    }

    private bool Outranks(Order order, string owner) => order.IsOfLeftover && order.Fence >= store.FenceOf(owner);

    private static HostException Stale(Order order, long known) =>
        new(HostErrorCode.StaleFence, $"{order.Subject} obeys fence {known}; {order.Fence} came too late.");

    private Turn Join(string subject)
    {
        while (true)
        {
            var turn = _turns.GetOrAdd(subject, _ => new Turn());
            lock (turn)
            {
                if (turn.Users < 0) continue;
                turn.Users++;
                return turn;
            }
        }
    }

    // A turn nobody waits for leaves the table, so that it does not grow with the subjects of a host's life.
    private void Leave(string subject, Turn turn)
    {
        lock (turn)
        {
            if (--turn.Users > 0) return;
            turn.Users = -1;
            _turns.TryRemove(subject, out _);
        }
    }

    private sealed class Turn
    {
        private CancellationTokenSource? _running;

        public SemaphoreSlim Door { get; } = new(1, 1);

        public int Users { get; set; }

        public long Wanted { get; private set; }

        public void Overtake(long fence)
        {
            lock (Door)
            {
                if (fence <= Wanted) return;
                Wanted = fence;
                _running?.Cancel();
            }
        }

        public async Task<T> RunAsync<T>(CancellationTokenSource cancel, Func<CancellationToken, Task<T>> obey)
        {
            lock (Door) _running = cancel;
            try
            {
                return await obey(cancel.Token);
            }
            finally
            {
                lock (Door) _running = null;
            }
        }
    }
}
