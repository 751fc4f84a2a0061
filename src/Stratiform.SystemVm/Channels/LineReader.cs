namespace Stratiform.SystemVm.Channels;

/// <summary>
/// Takes lines out of a stream that may carry anything: a line that is too long is passed over, and where nobody is at the other end
/// for now the stream says that it has ended, which it has not.
/// </summary>
/// <param name="stream">What is read.</param>
/// <param name="maxBytes">Longest line.</param>
/// <param name="time">The clock.</param>
internal sealed class LineReader(Stream stream, int maxBytes, TimeProvider time)
{
    private const int UsualBytes = 64 << 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private byte[] _buffer = new byte[UsualBytes];
    private int _begin;
    private int _end;
    private bool _isTooLong;

    /// <summary>The next line without its end; valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken ct)
    {
        for (var seen = _begin; ;)
        {
            var at = _buffer.AsSpan(seen, _end - seen).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_begin, seen + at - _begin);
                _begin = seen + at + 1;
                if (!_isTooLong) return line;
                _isTooLong = false;
                seen = _begin;
                continue;
            }
            MakeRoom();
            seen = _end;
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct);
            if (read == 0) await Task.Delay(Pause, time, ct);
            _end += read;
        }
    }

    private void MakeRoom()
    {
        var kept = _end - _begin;
        if (kept >= maxBytes || _isTooLong)
        {
            _isTooLong = true;
            kept = 0;
        }
        // A buffer that a long line has made grow is not kept for short ones.
        var wanted = Math.Max(UsualBytes, kept >= _buffer.Length / 2 ? _buffer.Length * 2 : _buffer.Length > 2 * UsualBytes && kept == 0 ? 0 : _buffer.Length);
        var into = wanted == _buffer.Length ? _buffer : new byte[wanted];
        _buffer.AsSpan(_end - kept, kept).CopyTo(into);
        (_buffer, _begin, _end) = (into, 0, kept);
    }
}
