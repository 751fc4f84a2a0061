using System.Collections.Concurrent;
using Stratiform.Agent.Compute;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>
/// Reaches workers by the virtio channels that QEMU offers as sockets. A connection stays open for all calls to its worker and is
/// made anew when it broke: by a restart of either side, or by silence, so that nothing old is delivered late.
/// </summary>
/// <param name="hypervisor">Knows which workers run.</param>
/// <param name="channelsFolder">Where the sockets lie.</param>
/// <param name="time">The clock.</param>
public sealed class VirtioWorkers(IHypervisor hypervisor, string channelsFolder, TimeProvider time) : IWorkerChannel, IAsyncDisposable
{
    private readonly WorkerSockets _sockets = new(channelsFolder);
    private readonly ConcurrentDictionary<Guid, Contact> _contacts = new();

    /// <summary>How long an answer to a question may take.</summary>
    public TimeSpan ReadLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an answer to an order may take.</summary>
    public TimeSpan EnsureLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public async Task<WorkerReport> EnsureAsync(EnsureWorker worker, CancellationToken ct)
    {
        await RequireAsync(worker.WorkerId, ct);
        return await AskAsync<WorkerReport>(worker.WorkerId, nameof(EnsureWorker), worker.Setup, WorkerAnswers.Check, EnsureLimit, ct);
    }

    /// <inheritdoc/>
    public async Task<WorkerReport> ReadAsync(Guid workerId, CancellationToken ct)
    {
        if (!await IsThereAsync(workerId, ct)) return new WorkerReport { Answers = false };
        try
        {
            return await AskAsync<WorkerReport>(workerId, nameof(ReadWorker), new Nothing(), WorkerAnswers.Check, ReadLimit, ct);
        }
        catch (HostException busy) when (busy.Code == HostErrorCode.Busy)
        {
            // Not up yet, or stuck: to those who ask it is the same.
            return new WorkerReport { Answers = false };
        }
    }

    /// <inheritdoc/>
    public async Task<ImageProgress> EnsureImageAsync(EnsureImageInStore order, CancellationToken ct)
    {
        await RequireAsync(order.WorkerId, ct);
        return await AskAsync<ImageProgress>(order.WorkerId, nameof(EnsureImage), order.Image, WorkerAnswers.Check, EnsureLimit, ct);
    }

    /// <inheritdoc/>
    public async Task EnsureNoImageAsync(EnsureNoImageInStore order, CancellationToken ct)
    {
        await RequireAsync(order.WorkerId, ct);
        var body = new EnsureNoImage(order.StoreId, order.ImageId);
        await AskAsync<Done>(order.WorkerId, nameof(EnsureNoImage), body, done => done, EnsureLimit, ct);
    }

    /// <inheritdoc/>
    public async Task<StoreInventory> ReadStoreAsync(ReadStore question, CancellationToken ct)
    {
        await RequireAsync(question.WorkerId, ct);
        return await AskAsync<StoreInventory>(question.WorkerId, nameof(ReadStore), new Store(question.StoreId),
            inventory => WorkerAnswers.Check(inventory, question.StoreId), ReadLimit, ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var contact in _contacts.Values)
        {
            if (contact.Line is { } line) await line.DisposeAsync();
        }
    }

    private async Task<T> AskAsync<T>(
        Guid workerId, string message, object body, Func<T, T?> check, TimeSpan limit, CancellationToken ct) where T : class
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        var (line, heard) = (default(WorkerLine), 0L);
        try
        {
            line = await ConnectAsync(workerId, either.Token);
            heard = line.Heard;
            return WorkerAnswers.Read(await line.AskAsync(message, body, either.Token), check);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var text = $"The worker {workerId} does not answer.";
            if (line?.Heard == heard) line.Break(HostErrorCode.Busy, text);
            throw new HostException(HostErrorCode.Busy, text);
        }
    }

    private async Task<WorkerLine> ConnectAsync(Guid workerId, CancellationToken ct)
    {
        var contact = _contacts.GetOrAdd(workerId, _ => new Contact());
        await contact.Turn.WaitAsync(ct);
        try
        {
            if (contact.Line is { IsOpen: true } open) return open;
            return contact.Line = await WorkerLine.ConnectAsync(_sockets.PathOf(workerId), ct);
        }
        finally
        {
            contact.Turn.Release();
        }
    }

    private async Task RequireAsync(Guid workerId, CancellationToken ct)
    {
        if (!await IsThereAsync(workerId, ct))
            throw new HostException(HostErrorCode.Busy, $"The worker {workerId} does not run here.");
    }

    // A domain without the socket has nothing of ours inside.
    private async Task<bool> IsThereAsync(Guid workerId, CancellationToken ct)
    {
        var domain = await hypervisor.ReadAsync(workerId, ct);
        if (domain.Power == PowerState.Running) return File.Exists(_sockets.PathOf(workerId));
        if (_contacts.TryRemove(workerId, out var contact))
            contact.Line?.Break(HostErrorCode.Busy, $"The worker {workerId} does not run any more.");
        return false;
    }

    private sealed record Nothing;

    private sealed record Store(Guid StoreId);

    /// <summary>The connection to one worker, and whose turn it is to make it.</summary>
    private sealed class Contact
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public WorkerLine? Line { get; set; }
    }
}
