using Stratiform.Protocol;
using Stratiform.SystemVm.Network;
using Stratiform.SystemVm.Stores;
using Stratiform.Transfers.Images;

namespace Stratiform.SystemVm;

/// <summary>
/// One worker: what it was told since it booted, and what it is asked for. It remembers nothing itself: what is whole lies in stores, and
/// what is not is begun anew by whoever wants it.
/// </summary>
/// <param name="cards">The machine's network.</param>
/// <param name="stores">The stores it knows.</param>
/// <param name="jobs">What it brings there.</param>
/// <param name="traffic">What goes through it.</param>
internal sealed class Worker(INetworkCards cards, StoreShelf stores, ImageJobs jobs, Traffic traffic)
{
    private static readonly string Version = typeof(Worker).Assembly.GetName().Version!.ToString(3);
    private readonly TaskCompletionSource _setUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile byte[] _linkKey = [];

    /// <summary>The key of links; empty while there is none, and then no link is good.</summary>
    public byte[] LinkKey => _linkKey;

    /// <summary>Ends when it was set up for the first time.</summary>
    public Task SetUp => _setUp.Task;

    private SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>It is set up like this.</summary>
    public async Task<WorkerReport> EnsureAsync(WorkerSetup setup, CancellationToken ct)
    {
        if (setup.LinkKey.Length == 0) throw new HostException(HostErrorCode.Invalid, "A worker needs a key for its links.");
        await Turn.WaitAsync(ct);
        try
        {
            await cards.EnsureAsync(setup.Nics, setup.Resolvers, ct);
            await stores.EnsureAsync(setup.Stores, ct);
            await jobs.ForgetAsync(stores.Knows, ct);
            _linkKey = setup.LinkKey;
            _setUp.TrySetResult();
        }
        finally
        {
            Turn.Release();
        }
        return Read();
    }

    /// <summary>What it does.</summary>
    public WorkerReport Read() => new()
    {
        Answers = true,
        IsSetUp = SetUp.IsCompleted,
        Sessions = jobs.UnderWay + traffic.Requests,
        BytesIn = traffic.BytesIn,
        BytesOut = traffic.BytesOut,
        MemoryBytes = Environment.WorkingSet,
        Version = Version,
    };

    /// <summary>The image lies whole in the store, or comes.</summary>
    public async Task<ImageProgress> EnsureImageAsync(EnsureImage image, CancellationToken ct)
    {
        if (ImageSource.CheckUpload(image) is null && ImageSource.Check(image).IsFile)
            throw new HostException(HostErrorCode.Invalid, $"{image.Source} is no http: or https: URL; a worker has no files.");
        var store = await stores.RequireAsync(image.PoolId, ct);
        return await jobs.AdvanceAsync(store, image, ct);
    }

    /// <summary>The store has nothing of the image.</summary>
    public async Task<Done> EnsureNoImageAsync(EnsureNoImage image, CancellationToken ct)
    {
        var store = await stores.RequireAsync(image.PoolId, ct);
        await jobs.CancelAsync(store.Id, image.ImageId, ct);
        await store.RemoveAsync(image.ImageId, ct);
        return Done.Instance;
    }

    /// <summary>What lies in the store.</summary>
    public async Task<StoreInventory> ReadStoreAsync(Guid storeId, CancellationToken ct) =>
        await (await stores.RequireAsync(storeId, ct)).ReadAsync(ct);
}
