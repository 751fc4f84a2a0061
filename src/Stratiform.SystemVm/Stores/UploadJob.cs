using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.SystemVm.Stores;

/// <summary>
/// Awaits the upload of one image, until its link expires. An attempt that breaks off or is too large leaves nothing, and another
/// may follow; once the bytes are there no more are taken, whatever the import makes of them.
/// </summary>
/// <param name="store">Where the image is to lie.</param>
/// <param name="image">What is wanted.</param>
/// <param name="until">When it is too late to begin.</param>
/// <param name="time">The clock.</param>
/// <param name="traffic">Where bytes are counted.</param>
internal sealed class UploadJob(IStore store, EnsureImage image, DateTimeOffset until, TimeProvider time, Traffic traffic) : IImageJob
{
    private readonly Lock _lock = new();
    private volatile ImageJob? _attempt;
    private volatile bool _isReceived;
    private volatile bool _isCancelled;
    private volatile int _percent;

    /// <summary>The largest file that is taken, bytes.</summary>
    public long MaxBytes { get; } = ImageOrder.Of(image, new Uri(image.Source), "").MaxBytes;

    /// <inheritdoc/>
    public bool IsUnderWay => !_isCancelled && (_isReceived ? _attempt!.IsUnderWay : _attempt is not null || time.GetUtcNow() < until);

    /// <inheritdoc/>
    public int Percent => _percent;

    /// <inheritdoc/>
    public async Task<HostError?> ErrorAsync() => _isReceived ? await _attempt!.ErrorAsync() : ImageSource.NothingCame();

    /// <inheritdoc/>
    public async Task CancelAsync(CancellationToken ct)
    {
        ImageJob? attempt;
        lock (_lock) (_isCancelled, attempt) = (true, _attempt);
        if (attempt is not null) await attempt.CancelAsync(ct);
    }

    /// <summary>Takes the file in; what is made of it then is for those to see who ask for the image.</summary>
    /// <param name="body">The file.</param>
    /// <param name="length">How much will come, about; null when nobody knows.</param>
    /// <param name="ct">Ends when the sender has gone.</param>
    /// <returns>How it ended; null when nothing is awaited (any more), or another is sending.</returns>
    public async Task<FetchOutcome?> TakeAsync(Stream body, long? length, CancellationToken ct)
    {
        var received = new TaskCompletionSource<FetchOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Begin(new IncomingFile(body, length, ct), received) is not { } attempt) return null;
        var ended = attempt.ErrorAsync();
        await Task.WhenAny(received.Task, ended);
        if (_isReceived) return await received.Task;
        var error = await ended;
        lock (_lock) _attempt = null;
        return received.Task.IsCompleted ? await received.Task : new(EndOf(error!), error!.Text);
    }

    private ImageJob? Begin(IncomingFile file, TaskCompletionSource<FetchOutcome> received)
    {
        lock (_lock)
        {
            if (_isCancelled || _attempt is not null || time.GetUtcNow() >= until) return null;
            return _attempt = new ImageJob(store, image, FillAsync, BringAsync);
        }

        async Task<FetchOutcome> FillAsync(ImageOrder order, IFetchTarget into, CancellationToken ct)
        {
            PlainImage.RequireUnpacked((await file.PeekAsync(PlainImage.MarkBytes, ct)).Span);
            return await ReceiveAsync(order, into, sum: null, ct);
        }

        async Task<(FetchOutcome Outcome, Checksum? Made)> BringAsync(ImageOrder order, CancellationToken ct)
        {
            using var sum = ImageFetch.SumOf(order);
            var outcome = await ReceiveAsync(order, Fetch.File(order.Part), sum, ct);
            return _isReceived ? await ImageFetch.ImportAsync(order, sum, ct) : (outcome, null);
        }

        async Task<FetchOutcome> ReceiveAsync(ImageOrder order, IFetchTarget into, RunningSum? sum, CancellationToken ct)
        {
            var outcome = await TakeInAsync(file, order, into, sum, ct);
            _isReceived = outcome.End == FetchEnd.Done;
            received.SetResult(outcome);
            return outcome;
        }
    }

    private async Task<FetchOutcome> TakeInAsync(IncomingFile file, ImageOrder order, IFetchTarget into, RunningSum? sum, CancellationToken ct)
    {
        await using var to = into.Open(new Origin(file.LengthBytes, Validator: null), 0);
        var come = 0L;
        while (await file.ReadAsync(ct) is var read && read is not { IsEmpty: true })
        {
            if (read is not { } bytes) return new(FetchEnd.Failed, "it broke off");
            if ((come += bytes.Length) > order.MaxBytes) return new(FetchEnd.TooLarge, $"it is larger than {order.MaxBytes} bytes");
            await to.WriteAsync(bytes, ct);
            sum?.Add(bytes.Span);
            if (into.IsFull) await into.MakeRoomAsync(ct);
            traffic.CameIn(bytes.Length);
            if (file.LengthBytes is { } length and > 0) _percent = (int)Math.Max(_percent, Math.Min(99, 100 * come / length));
        }
        return new(FetchEnd.Done);
    }

    private static FetchEnd EndOf(HostError error) => error.Code switch
    {
        HostErrorCode.NoSpace => FetchEnd.NoSpace,
        // Seen while it came; the sender has something else to send.
        HostErrorCode.Unsupported or HostErrorCode.Corrupt or HostErrorCode.Invalid => FetchEnd.NotThere,
        _ => FetchEnd.Failed,
    };
}
