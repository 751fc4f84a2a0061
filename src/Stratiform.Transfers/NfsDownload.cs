using System.IO.Pipelines;
using Stratiform.Linux;

namespace Stratiform.Transfers;

/// <summary>A file of an NFS server that is read ahead of who takes its bytes. The thread that reads it is also the one that lets it go.</summary>
internal sealed class NfsDownload : IDisposable
{
    private const int ReadBytes = 1 << 20;
    private const int AheadBytes = 8 * ReadBytes;

    private readonly NfsFile _file;
    private readonly Pipe _ahead = new(new PipeOptions(pauseWriterThreshold: AheadBytes, resumeWriterThreshold: AheadBytes / 2, useSynchronizationContext: false));
    private bool _isRead;

    private NfsDownload(NfsFile file) => _file = file;

    public long LengthBytes => _file.LengthBytes;

    /// <summary>Opens the file; a server that is silent is left to itself when <paramref name="ct"/> gives up.</summary>
    public static async Task<NfsDownload> OpenAsync(Uri url, TimeSpan patience, CancellationToken ct)
    {
        var opening = Task.Run(() => NfsFile.Open(url, patience), CancellationToken.None);
        try
        {
            return new NfsDownload(await opening.WaitAsync(ct));
        }
        catch (OperationCanceledException)
        {
            _ = LetGoAsync(opening);
            throw;
        }
    }

    /// <summary>Its bytes from an offset on, once.</summary>
    public Stream Read(long from)
    {
        _isRead = true;
        _ = Task.Run(() => ReadAheadAsync(from), CancellationToken.None);
        return _ahead.Reader.AsStream();
    }

    public void Dispose()
    {
        if (!_isRead) _file.Dispose();
    }

    private static async Task LetGoAsync(Task<NfsFile> opening)
    {
        try
        {
            using var late = await opening;
        }
        catch (NfsException)
        {
            // It did not come late, but not at all.
        }
    }

    private async Task ReadAheadAsync(long from)
    {
        Exception? broken = null;
        try
        {
            using (_file)
            {
                for (var at = from; at < _file.LengthBytes;)
                {
                    var read = _file.Read(at, _ahead.Writer.GetMemory(ReadBytes).Span[..ReadBytes]);
                    if (read == 0) break;
                    at += read;
                    _ahead.Writer.Advance(read);
                    if ((await _ahead.Writer.FlushAsync(CancellationToken.None)).IsCompleted) break;
                }
            }
        }
        catch (NfsException gone)
        {
            broken = gone;
        }
        await _ahead.Writer.CompleteAsync(broken);
    }
}
