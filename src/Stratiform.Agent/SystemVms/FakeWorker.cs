using System.Net;
using Stratiform.Agent.Storage;
using Stratiform.Protocol;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.SystemVms;

/// <summary>One boot of a simulated worker: what it was told, and the images that it brings to stores.</summary>
internal sealed class FakeWorker(Guid id, int processId)
{
    private const long ProgramBytes = 64 << 20;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Dictionary<Guid, int>> _jobs = [];
    private readonly HashSet<Guid> _awaited = [];
    private readonly Dictionary<Guid, FakeSource> _received = [];
    private long _bytesIn;

    public int ProcessId => processId;

    public WorkerSetup? Setup { get; private set; }

    public IReadOnlyList<string> Jobs
    {
        get
        {
            lock (_lock) return [.. _jobs.SelectMany(jobs => jobs.Value.Keys.Select(image => JobNames.Image(jobs.Key, image)))];
        }
    }

    /// <summary>What a store says that takes nothing.</summary>
    public static string ReadOnly(Guid storeId) => $"The store {storeId} cannot be used: Read-only file system.";

    /// <summary>What it knew beyond the setup it forgets, and the jobs with it.</summary>
    public WorkerReport SetUp(WorkerSetup setup)
    {
        lock (_lock)
        {
            Setup = setup;
            foreach (var store in _jobs.Keys.Except(setup.Stores.Select(known => known.StoreId)).ToList()) _jobs.Remove(store);
        }
        return Report();
    }

    public WorkerReport Report() => new()
    {
        Answers = true,
        IsSetUp = Setup is not null,
        Sessions = Jobs.Count,
        BytesIn = Interlocked.Read(ref _bytesIn),
        MemoryBytes = ProgramBytes,
        Version = "simulated",
    };

    /// <summary>The store, if it knows it and it answers.</summary>
    public FakeStore Require(Guid storeId, FakeDisks disks)
    {
        var known = Setup?.Stores.FirstOrDefault(store => store.StoreId == storeId)
            ?? throw new HostException(HostErrorCode.Busy, $"The worker does not know the store {storeId} yet.");
        var store = disks.Store(known.Url);
        return store.IsGone ? throw new HostException(HostErrorCode.Busy, $"The store {known.Url} does not answer.") : store;
    }

    /// <summary>Brings the image a bit further. The caller holds the store's lock.</summary>
    public ImageProgress Bring(EnsureImage image, FakeSource source, FakeStore store, FakeDisks disks, DateTimeOffset now)
    {
        if (store.Images.TryGetValue(image.ImageId, out var there)) return FakeCopies.Done(there.Content);
        if (store.IsReadOnly) return ImageProgresses.Failed(new HostError(HostErrorCode.Busy, ReadOnly(image.PoolId)));
        if (Advance(image, store, disks) is { } progress)
        {
            var bytes = source.PhysicalSizeBytes * progress.Percent / 100;
            if (progress.State == HostWorkState.Running) store.Parts[image.ImageId] = new FakeStorePart(id, processId, bytes, now);
            return progress;
        }
        store.Parts.Remove(image.ImageId);
        if (FakeCopies.Refusal(image, source, store.Fits) is { } error) return ImageProgresses.Failed(error);
        // In stores everything but an ISO is qcow2, whatever it came as.
        var kept = source.Format == ImageFormat.Iso ? source : source with { Format = ImageFormat.Qcow2 };
        store.Images[image.ImageId] = new FakeStoreImage(kept, now);
        Interlocked.Add(ref _bytesIn, kept.PhysicalSizeBytes);
        return FakeCopies.Done(kept);
    }

    /// <summary>Awaits what is uploaded, and brings that a bit further. The caller holds the store's lock.</summary>
    public ImageProgress Receive(EnsureImage image, DateTimeOffset until, FakeStore store, FakeDisks disks, DateTimeOffset now)
    {
        if (store.Images.TryGetValue(image.ImageId, out var there)) return FakeCopies.Done(there.Content);
        return Await(image.ImageId) is { } sent ? Bring(image, sent, store, disks, now)
            : store.Uploaded is { } file ? Bring(image, file, store, disks, now)
            : until <= now ? ImageProgresses.Failed(ImageSource.NothingCame())
            : ImageProgresses.Running(0);
    }

    public void Abandon(Guid storeId, Guid imageId)
    {
        lock (_lock)
        {
            _jobs.GetValueOrDefault(storeId)?.Remove(imageId);
            _awaited.Remove(imageId);
            _received.Remove(imageId);
        }
    }

    /// <summary>What its web server answers to who posts an image.</summary>
    public int Take(EnsureVolumeSent to, FakeSource image, FakeDisks disks, DateTimeOffset now)
    {
        var setup = Setup!;
        if (UploadLink.Read(new Uri(to.Url).PathAndQuery, to.Metadata, to.Expires, to.Signature, setup.LinkKey) is not { } link || link.Expires <= now) return 403;
        if (setup.Stores.FirstOrDefault(known => known.StoreId == link.StoreId) is not { } known || disks.Store(known.Url).IsGone) return 503;
        lock (_lock)
        {
            if (!_awaited.Contains(link.ImageId) || !_received.TryAdd(link.ImageId, image)) return 409;
        }
        return 200;
    }

    public bool IsAt(Uri url) => url is { Scheme: "http", IsDefaultPort: true } && IPAddress.TryParse(url.DnsSafeHost, out var address)
        && Setup?.Nics.Any(nic => IPAddress.Parse(nic.Address.Split('/')[0]).Equals(address)) == true;

    /// <summary>What its web server answers.</summary>
    public FakeSource Serve(Uri url, FakeDisks disks, DateTimeOffset now)
    {
        var setup = Setup!;
        if (StoreLink.Read(url.PathAndQuery, setup.LinkKey) is not { } link || link.Expires <= now)
            return new FakeSource(Failure: "the server answered 403");
        if (setup.Stores.FirstOrDefault(known => known.StoreId == link.StoreId) is not { } known) return new FakeSource(IsMissing: true);
        var store = disks.Store(known.Url);
        if (store.IsGone) return new FakeSource(Failure: "the server answered 503");
        lock (store) return store.Images.GetValueOrDefault(link.ImageId)?.Content ?? new FakeSource(IsMissing: true);
    }

    // What was posted of it.
    private FakeSource? Await(Guid imageId)
    {
        lock (_lock)
        {
            _awaited.Add(imageId);
            return _received.GetValueOrDefault(imageId);
        }
    }

    // A part that is not this boot's any more was removed, or is another worker's by now.
    private ImageProgress? Advance(EnsureImage image, FakeStore store, FakeDisks disks)
    {
        lock (_lock)
        {
            var jobs = _jobs.TryGetValue(image.PoolId, out var begun) ? begun : _jobs[image.PoolId] = [];
            var isOurs = store.Parts.GetValueOrDefault(image.ImageId) is { } part && part.WorkerId == id && part.ProcessId == processId;
            if (isOurs || !jobs.ContainsKey(image.ImageId)) return disks.Advance(jobs, image.ImageId, store.IsSlow);
            jobs.Remove(image.ImageId);
            return ImageProgresses.Failed(new HostError(HostErrorCode.Failed, "The copy was interrupted: its part is gone."));
        }
    }
}
