using System.Collections.Concurrent;
using Stratiform.Linux;
using Stratiform.Protocol;
using Stratiform.Transfers.Images;

namespace Stratiform.SystemVm.Stores;

/// <summary>The images that this worker brings to stores, one job each however often it is asked.</summary>
/// <param name="time">The clock.</param>
/// <param name="traffic">Where bytes are counted.</param>
internal sealed class ImageJobs(TimeProvider time, Traffic traffic)
{
    private readonly ConcurrentDictionary<(Guid Store, Guid Image), IImageJob> _jobs = new();

    /// <summary>How many are at work.</summary>
    public int UnderWay => _jobs.Values.Count(job => job.IsUnderWay);

    /// <summary>Begins it, or tells how far it is, or how it ended.</summary>
    /// <param name="store">Where the image is to lie.</param>
    /// <param name="image">What is wanted.</param>
    /// <param name="ct">Gives up asking; the work goes on.</param>
    public async Task<ImageProgress> AdvanceAsync(IStore store, EnsureImage image, CancellationToken ct)
    {
        var key = (store.Id, image.ImageId);
        if (_jobs.TryGetValue(key, out var job))
        {
            if (job.IsUnderWay) return ImageProgresses.Running(job.Percent);
            _jobs.TryRemove(key, out _);
            if (await job.ErrorAsync() is { } error) return ImageProgresses.Failed(error);
        }
        if (await DoneAsync(store, image.ImageId, ct) is { } done) return done;
        // Whoever comes first begins it.
        lock (_jobs)
        {
            if (!_jobs.ContainsKey(key)) _jobs[key] = Begin(store, image);
        }
        return ImageProgresses.Running(0);
    }

    /// <summary>The job that awaits an upload of the image, or had it; null when this worker was not told to await one.</summary>
    public UploadJob? UploadOf(Guid storeId, Guid imageId) => _jobs.GetValueOrDefault((storeId, imageId)) as UploadJob;

    /// <summary>No job brings the image.</summary>
    public async Task CancelAsync(Guid storeId, Guid imageId, CancellationToken ct)
    {
        if (!_jobs.TryGetValue((storeId, imageId), out var job)) return;
        await job.CancelAsync(ct);
        _jobs.TryRemove(KeyValuePair.Create((storeId, imageId), job));
    }

    /// <summary>No job works for a store that is not known.</summary>
    public async Task ForgetAsync(Func<Guid, bool> knows, CancellationToken ct)
    {
        foreach (var (store, image) in _jobs.Keys.Where(key => !knows(key.Store))) await CancelAsync(store, image, ct);
    }

    private IImageJob Begin(IStore store, EnsureImage image) => UploadLink.ExpiryOf(image.Source) is { } until
        ? new UploadJob(store, image, until, time, traffic)
        : new ImageJob(store, image,
            (order, into, ct) => new ImageFetch(time).FetchAsync(order, into, traffic.CameIn, sum: null, ct),
            (order, ct) => new ImageFetch(time).RunAsync(order, traffic.CameIn, ct));

    private static async Task<ImageProgress?> DoneAsync(IStore store, Guid imageId, CancellationToken ct)
    {
        if (await store.FindAsync(imageId, ct) is not { } whole || await store.OpenAsync(imageId, ct) is not { } content) return null;
        await using (content)
        {
            var head = new byte[65536];
            var read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
            // What is no disk is kept as it came.
            var seen = Qcow2Header.IsAt(head.AsSpan(0, read)) ? Qcow2Header.Parse(head.AsSpan(0, read)).VirtualSizeBytes : whole.Bytes;
            return ImageProgresses.Done(seen, whole.Bytes, whole.Checksum);
        }
    }
}
