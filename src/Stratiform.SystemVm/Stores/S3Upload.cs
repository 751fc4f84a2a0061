using System.Security.Cryptography;
using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.SystemVm.Stores;

/// <summary>
/// An image on its way into a bucket, part by part as it comes: looked at and added up on the way, since there is no second look at it.
/// It appears when it is finished, and not before. Memory holds one part of it.
/// </summary>
/// <param name="bucket">Where it goes.</param>
/// <param name="key">What it is to be called there.</param>
/// <param name="order">What it is said to be.</param>
/// <param name="time">The clock.</param>
internal sealed class S3Upload(S3Bucket bucket, string key, ImageOrder order, TimeProvider time) : IFetchTarget, IDisposable
{
    private const int HeadBytes = 65536;
    private const int SlackBytes = 1 << 20;
    private const int LeastPartBytes = 8 << 20;
    private const int MostPartBytes = 32 << 20;
    private const int UsualParts = 9000;
    private const int MostParts = 10_000;
    private const int Attempts = 7;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly IncrementalHash _sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Checksum? _expected = Checksum.Parse(order.Checksum);
    private IncrementalHash? _expectedSum;
    private readonly List<string> _parts = [];
    private string? _upload;
    private byte[] _buffer = [];
    private int _filled;
    private long _sent;
    private bool _isLookedAt;

    public long LengthBytes => Interlocked.Read(ref _sent) + _filled;

    public Origin? Origin { get; private set; }

    public bool IsFull => _filled >= PartBytes;

    private int PartBytes => _buffer.Length - SlackBytes;

    public Stream Open(Origin origin, long from)
    {
        if (from == 0) StartAnew(origin);
        return from == LengthBytes ? new Sink(this) : throw new InvalidOperationException($"{from} is not where the upload stands.");
    }

    public void Clear() => Origin = null;

    /// <summary>Sends what is full; a server that is away is waited for.</summary>
    public async Task MakeRoomAsync(CancellationToken ct)
    {
        while (IsFull)
        {
            await SendAsync(PartBytes, ct);
            _buffer.AsSpan(PartBytes, _filled).CopyTo(_buffer);
        }
    }

    /// <summary>Sends the rest. The image is as it was said to be, and <see cref="CompleteAsync"/> makes it appear.</summary>
    /// <returns>What it adds up to.</returns>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public async Task<Checksum> EndAsync(CancellationToken ct)
    {
        LookAtHead();
        var sum = new Checksum(HashAlgorithmName.SHA256, Convert.ToHexStringLower(_sum.GetHashAndReset()));
        if (_expected is not null)
        {
            var found = _expectedSum is null ? sum : new Checksum(_expected.Algorithm, Convert.ToHexStringLower(_expectedSum.GetHashAndReset()));
            if (found != _expected) throw new InvalidDataException($"it has the checksum {found.Hex}, not {_expected.Hex}");
        }
        if (_filled > 0) await SendAsync(_filled, ct);
        return sum;
    }

    /// <summary>The image appears.</summary>
    public Task CompleteAsync(CancellationToken ct) => PatientlyAsync(async () =>
    {
        try
        {
            await bucket.CompleteAsync(key, _upload!, _parts, ct);
        }
        catch (HostException gone) when (gone.Code == HostErrorCode.Failed)
        {
            // An attempt of which no answer came may have done it.
            if (await bucket.FindAsync(key, ct) is not { } whole || whole.Bytes != _sent) throw;
        }
        return true;
    }, ct);

    /// <summary>Nothing of it stays.</summary>
    public async Task AbortAsync(CancellationToken ct)
    {
        if (_upload is { } upload) await bucket.AbortAsync(key, upload, ct);
    }

    public void Dispose()
    {
        _sum.Dispose();
        _expectedSum?.Dispose();
    }

    // Parts that were sent are written over by those of the same number.
    private void StartAnew(Origin origin)
    {
        Origin = origin;
        _parts.Clear();
        (_filled, _sent, _isLookedAt) = (0, 0, false);
        _ = _sum.GetHashAndReset();
        _expectedSum?.Dispose();
        _expectedSum = _expected is null || _expected.Algorithm == HashAlgorithmName.SHA256 ? null : IncrementalHash.CreateHash(_expected.Algorithm);
        var wanted = origin.LengthBytes is { } whole ? (whole / UsualParts + SlackBytes) / SlackBytes * SlackBytes : 2 * LeastPartBytes;
        var bytes = (int)Math.Clamp(wanted, LeastPartBytes, MostPartBytes) + SlackBytes;
        if (_buffer.Length != bytes) _buffer = new byte[bytes];
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_filled));
        _filled += bytes.Length;
        _sum.AppendData(bytes);
        _expectedSum?.AppendData(bytes);
        if (LengthBytes >= HeadBytes) LookAtHead();
    }

    private void LookAtHead()
    {
        if (_isLookedAt) return;
        var size = PlainImage.Require(_buffer.AsSpan(0, Math.Min(_filled, HeadBytes)), order.Format);
        if (size > order.MaxVirtualSizeBytes)
            throw new TooLargeException($"its virtual size is {size} bytes; the limit is {order.MaxVirtualSizeBytes}");
        _isLookedAt = true;
    }

    private async Task SendAsync(int bytes, CancellationToken ct)
    {
        if (_parts.Count == MostParts) throw new TooLargeException($"it has more than {MostParts} parts of {PartBytes} bytes");
        _upload ??= await PatientlyAsync(() => bucket.BeginAsync(key, ct), ct);
        var part = new ArraySegment<byte>(_buffer, 0, bytes);
        _parts.Add(await PatientlyAsync(() => bucket.SendAsync(key, _upload, _parts.Count + 1, part, ct), ct));
        Interlocked.Add(ref _sent, bytes);
        _filled -= bytes;
    }

    // The client has tried for a while each time.
    private async Task<T> PatientlyAsync<T>(Func<Task<T>> ask, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (HostException away) when (away.Code == HostErrorCode.Busy && attempt < Attempts)
            {
                var pause = TimeSpan.FromSeconds(1 << attempt);
                await Task.Delay(pause < LongestPause ? pause : LongestPause, time, ct);
            }
        }
    }

    /// <summary>The end of the upload that bytes are written to.</summary>
    private sealed class Sink(S3Upload upload) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => upload.LengthBytes;
        public override long Position { get => Length; set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            upload.Take(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override void Write(byte[] buffer, int offset, int count) => upload.Take(buffer.AsSpan(offset, count));
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Flush() { }
    }
}
