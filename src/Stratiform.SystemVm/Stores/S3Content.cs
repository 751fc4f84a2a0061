using Amazon.S3.Model;

namespace Stratiform.SystemVm.Stores;

/// <summary>An object's bytes, read from wherever its reader stands; what breaks off is asked for again from there.</summary>
/// <param name="bucket">Where it lies.</param>
/// <param name="found">The object.</param>
internal sealed class S3Content(S3Bucket bucket, S3Head found) : Stream
{
    private const int Attempts = 3;
    private GetObjectResponse? _answer;
    private long _answersAt;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => found.Bytes;
    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.IsEmpty) return 0;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var read = await TryReadAsync(buffer, cancellationToken);
                if (read > 0) return read;
                Drop();
                if (attempt >= Attempts) throw new IOException("The store's object ended early.");
            }
            catch (Exception broken) when (attempt < Attempts && S3Errors.IsPassing(broken, cancellationToken))
            {
                Drop();
            }
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Flush() { }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Drop();
        base.Dispose(disposing);
    }

    private async Task<int> TryReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (_answer is null || _answersAt != Position)
        {
            Drop();
            _answer = await bucket.OpenAsync(found, Position, ct);
            _answersAt = Position;
        }
        var read = await _answer.ResponseStream.ReadAsync(buffer, ct);
        Position = _answersAt += read;
        return read;
    }

    private void Drop()
    {
        _answer?.Dispose();
        _answer = null;
    }
}
