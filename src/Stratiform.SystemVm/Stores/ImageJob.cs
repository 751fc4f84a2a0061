using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.SystemVm.Stores;

/// <summary>The bringing of one image to a store: a task of this program, which leaves the whole image there or nothing.</summary>
internal sealed class ImageJob : IImageJob
{
    private readonly Func<Task> _cancel;
    private readonly Task<HostError?> _work;
    private volatile string? _part;
    private volatile IFetchTarget? _upload;
    private int _percent;

    /// <param name="store">Where the image is to lie.</param>
    /// <param name="image">What is wanted.</param>
    /// <param name="fill">Brings it to where it can only be kept as it comes, unless it is packed.</param>
    /// <param name="bring">Makes an image of a part.</param>
    public ImageJob(IStore store, EnsureImage image, S3Store.Fill fill, Bring bring)
    {
        var end = new CancellationTokenSource();
        _cancel = end.CancelAsync;
        _work = Task.Run(() => RunAsync(store, image, () => store is S3Store bucket && PlainImage.IsOf(image.Format)
            ? AsItComesAsync(bucket, image, fill, bring, end.Token)
            : ByPartAsync(store, image, bring, end.Token)), CancellationToken.None);
    }

    /// <summary>Fills the part of the order and makes an image of it: how that ended, and what it adds up to when it is done.</summary>
    public delegate Task<(FetchOutcome Outcome, Checksum? Made)> Bring(ImageOrder order, CancellationToken ct);

    /// <summary>Whether it is at work.</summary>
    public bool IsUnderWay => !_work.IsCompleted;

    /// <summary>How far it is; never less than it said before.</summary>
    public int Percent => _percent = Math.Max(_percent, Look());

    /// <summary>Why it ended without an image; null when it did not.</summary>
    public async Task<HostError?> ErrorAsync() => await _work;

    /// <summary>Ends it, and returns when nothing of it runs any more.</summary>
    public async Task CancelAsync(CancellationToken ct)
    {
        await _cancel();
        await _work.WaitAsync(ct);
    }

    private async Task<HostError?> AsItComesAsync(S3Store store, EnsureImage image, S3Store.Fill fill, Bring bring, CancellationToken ct)
    {
        try
        {
            var outcome = await store.TakeAsync(image, fill, upload => _upload = upload, ct);
            return outcome.End == FetchEnd.Done ? null : ImageSource.Explain(image, outcome, "store");
        }
        catch (NotPlainException)
        {
            _upload = null;
            return await ByPartAsync(store, image, bring, ct);
        }
    }

    private async Task<HostError?> ByPartAsync(IStore store, EnsureImage image, Bring bring, CancellationToken ct)
    {
        var part = _part = await store.BeginAsync(image.ImageId, ct);
        var order = ImageOrder.Of(image, new Uri(image.Source), part);
        var (outcome, made) = await bring(order, ct);
        if (made is not null) await store.FinishAsync(image.ImageId, order with { Checksum = made.ToString() }, ct);
        await store.DiscardAsync(part, ct);
        return made is not null ? null : Explain(store, image, outcome);
    }

    private async Task<HostError?> RunAsync(IStore store, EnsureImage image, Func<Task<HostError?>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception broken)
        {
            await DiscardAsync(store);
            return ErrorOf(broken, store, image);
        }
    }

    private async Task DiscardAsync(IStore store)
    {
        try
        {
            if (_part is { } part) await store.DiscardAsync(part, CancellationToken.None);
        }
        catch (HostException)
        {
            // Gone with its store for now; who begins anew throws it away.
        }
    }

    private static HostError ErrorOf(Exception broken, IStore store, EnsureImage image) => broken switch
    {
        HostException refusal => refusal.ToError(),
        OperationCanceledException => new(HostErrorCode.Failed, $"{ImageSource.NameOf(image)} was given up."),
        IOException disk when FetchOutcome.OfDisk(disk) is { } end => Explain(store, image, end),
        IOException or UnauthorizedAccessException =>
            new(HostErrorCode.Busy, $"The store {store.Id} cannot be used: {DiskErrors.Reason(broken)}."),
        _ => ImageSource.Explain(image, new(FetchEnd.Failed, broken.Message), "store"),
    };

    // Of a host that is full a scratch disk knows only that it cannot be written.
    private static HostError Explain(IStore store, EnsureImage image, FetchOutcome outcome) =>
        store is S3Store && outcome.End is (FetchEnd.NoSpace or FetchEnd.DiskFailed)
            ? new(HostErrorCode.NoSpace, $"{ImageSource.NameOf(image)} cannot be unpacked or converted: the scratch disk of the secondary storage VM is "
                + "full, or that of its host. Try again when fewer images come at a time, make room on the hosts, or add an NFS store to the zone.")
            : ImageSource.Explain(image, outcome, "store");

    private int Look()
    {
        if (_upload is { Origin.LengthBytes: { } whole and > 0 } upload) return (int)Math.Min(99, 100 * upload.LengthBytes / whole);
        try
        {
            if (_part is not { } part || Fetcher.TotalOf(part) is not ({ } total and > 0)) return 0;
            var file = new FileInfo(part);
            return file.Exists ? (int)Math.Min(99, 100 * file.Length / total) : 0;
        }
        catch (IOException)
        {
            // A store that is away tells nothing; the work itself will see.
            return 0;
        }
    }
}
