using System.Collections.Concurrent;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Storage;
using Stratiform.Protocol;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.SystemVms;

/// <summary>
/// The insides of simulated workers. What one knows and does lasts as long as the boot of its domain; what it has written stays
/// in the store, which all workers share. What lies whole there it serves at its addresses, to those who have a link.
/// </summary>
public sealed class FakeWorkers : IWorkerChannel, IFakeServer
{
    private readonly ConcurrentDictionary<Guid, FakeWorker> _workers = new();
    private readonly FakeHypervisor _hypervisor;
    private readonly FakeDisks _disks;
    private readonly TimeProvider _time;

    /// <summary>Workers on these domains, with these stores.</summary>
    public FakeWorkers(FakeHypervisor hypervisor, FakeDisks disks, TimeProvider time)
    {
        (_hypervisor, _disks, _time) = (hypervisor, disks, time);
        disks.Add(this);
    }

    /// <summary>Whether workers answer at all; false is a program that has not come up.</summary>
    public bool Answer { get; set; } = true;

    /// <inheritdoc/>
    public async Task<WorkerReport> EnsureAsync(EnsureWorker worker, CancellationToken ct)
    {
        var inside = await RequireAsync(worker.WorkerId, ct);
        var cards = (await _hypervisor.ReadAllAsync(ct)).Where(domain => domain.Report.Id == worker.WorkerId)
            .SelectMany(domain => domain.Spec.Nics).Select(nic => nic.Mac);
        if (worker.Setup.Nics.FirstOrDefault(nic => !cards.Contains(nic.Mac)) is { } missing)
            throw new HostException(HostErrorCode.Failed, $"The worker has no network card {missing.Mac}.");
        return inside.SetUp(worker.Setup);
    }

    /// <inheritdoc/>
    public async Task<WorkerReport> ReadAsync(Guid workerId, CancellationToken ct) =>
        Answer && await FindAsync(workerId, ct) is { } inside ? inside.Report() : new WorkerReport { Answers = false };

    /// <inheritdoc/>
    public async Task<ImageProgress> EnsureImageAsync(EnsureImageInStore order, CancellationToken ct)
    {
        var uploadedUntil = ImageSource.CheckUpload(order.Image);
        if (uploadedUntil is null) ImageSource.Check(order.Image);
        var inside = await RequireAsync(order.WorkerId, ct);
        var store = inside.Require(order.Image.PoolId, _disks);
        if (uploadedUntil is { } until)
        {
            lock (store) return inside.Receive(order.Image, until, store, _disks, _time.GetUtcNow());
        }
        var source = await _disks.FindAsync(order.Image, ct);
        lock (store) return inside.Bring(order.Image, source, store, _disks, _time.GetUtcNow());
    }

    /// <inheritdoc/>
    public async Task EnsureNoImageAsync(EnsureNoImageInStore order, CancellationToken ct)
    {
        var inside = await RequireAsync(order.WorkerId, ct);
        var store = inside.Require(order.StoreId, _disks);
        lock (store)
        {
            inside.Abandon(order.StoreId, order.ImageId);
            if (store.IsReadOnly && (store.Parts.ContainsKey(order.ImageId) || store.Images.ContainsKey(order.ImageId)))
                throw new HostException(HostErrorCode.Busy, FakeWorker.ReadOnly(order.StoreId));
            store.Parts.Remove(order.ImageId);
            store.Images.Remove(order.ImageId);
        }
    }

    /// <inheritdoc/>
    public async Task<StoreInventory> ReadStoreAsync(ReadStore question, CancellationToken ct)
    {
        var store = (await RequireAsync(question.WorkerId, ct)).Require(question.StoreId, _disks);
        lock (store) return store.Read(question.StoreId);
    }

    /// <summary>Workers that run and are set up, with the jobs of each.</summary>
    public async Task<IReadOnlyList<(Guid WorkerId, IReadOnlyList<string> Jobs)>> ReadAllAsync(CancellationToken ct)
    {
        var found = new List<(Guid, IReadOnlyList<string>)>();
        foreach (var id in _workers.Keys.Order())
        {
            if (await FindAsync(id, ct) is { Setup: not null } inside) found.Add((id, inside.Jobs));
        }
        return found;
    }

    async Task<FakeSource?> IFakeServer.ServeAsync(Uri url, CancellationToken ct)
    {
        foreach (var (id, known) in _workers)
        {
            if (known.IsAt(url) && await FindAsync(id, ct) == known && Answer) return known.Serve(url, _disks, _time.GetUtcNow());
        }
        return null;
    }

    async Task<int?> IFakeServer.TakeAsync(EnsureVolumeSent to, FakeSource image, CancellationToken ct)
    {
        foreach (var (id, known) in _workers)
        {
            if (known.IsAt(new Uri(to.Url)) && await FindAsync(id, ct) == known && Answer) return known.Take(to, image, _disks, _time.GetUtcNow());
        }
        return null;
    }

    private async Task<FakeWorker> RequireAsync(Guid workerId, CancellationToken ct)
    {
        var inside = await FindAsync(workerId, ct)
            ?? throw new HostException(HostErrorCode.Busy, $"The worker {workerId} does not run here.");
        return Answer ? inside : throw new HostException(HostErrorCode.Busy, $"The worker {workerId} does not answer.");
    }

    // A domain without the program has nothing of ours inside.
    private async Task<FakeWorker?> FindAsync(Guid workerId, CancellationToken ct)
    {
        var domain = (await _hypervisor.ReadAllAsync(ct)).FirstOrDefault(domain => domain.Report.Id == workerId);
        if (domain is not { Report: { Power: PowerState.Running, ProcessId: var process }, Spec.Kernel.Program.Length: > 0 }) return null;
        return _workers.AddOrUpdate(workerId, id => new FakeWorker(id, process),
            (id, known) => known.ProcessId == process ? known : new FakeWorker(id, process));
    }
}
