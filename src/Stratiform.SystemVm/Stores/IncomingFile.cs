namespace Stratiform.SystemVm.Stores;

/// <summary>A file that somebody sends, once: its beginning can be looked at before the rest is taken.</summary>
/// <param name="body">What is sent.</param>
/// <param name="lengthBytes">How much will come, about; null when nobody knows.</param>
/// <param name="sender">Ends when the sender has gone.</param>
internal sealed class IncomingFile(Stream body, long? lengthBytes, CancellationToken sender)
{
    private readonly byte[] _buffer = new byte[256 << 10];
    private ReadOnlyMemory<byte>? _ahead;
    private bool _isAhead;

    public long? LengthBytes => lengthBytes;

    /// <summary>The first bytes, or what there is of them.</summary>
    public async Task<ReadOnlyMemory<byte>> PeekAsync(int bytes, CancellationToken ct)
    {
        if (!_isAhead) (_ahead, _isAhead) = (await NextAsync(bytes, ct), true);
        return _ahead ?? default;
    }

    /// <summary>The next bytes, until there is another call: none at the end, and null when it broke off, which is the sender's trouble.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken ct)
    {
        if (!_isAhead) return await NextAsync(1, ct);
        _isAhead = false;
        return _ahead;
    }

    private async Task<ReadOnlyMemory<byte>?> NextAsync(int least, CancellationToken ct)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(sender, ct);
            return _buffer.AsMemory(0, await body.ReadAtLeastAsync(_buffer, least, throwOnEndOfStream: false, either.Token));
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            return null;
        }
    }
}
