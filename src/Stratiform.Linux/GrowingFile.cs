using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stratiform.Linux;

/// <summary>A file that is written from an offset to its end, and goes to the disk as it grows, so that little is left to wait for at its end.</summary>
public sealed partial class GrowingFile : FileStream
{
    private const int BufferBytes = 256 << 10;
    private const long PortionBytes = 16 << 20;

    // SYNC_FILE_RANGE_WRITE: begins, and waits for nothing.
    private const uint Begin = 2;
    private long _begun;

    /// <summary>Opens or makes it; what lies beyond the offset is gone.</summary>
    /// <param name="path">The file.</param>
    /// <param name="from">Where writing begins, bytes.</param>
    // Who sends by kilobytes would make each write a system call and a walk through the thread pool of its own.
    public GrowingFile(string path, long from) : base(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, BufferBytes)
    {
        SetLength(from);
        Position = _begun = from;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await base.WriteAsync(buffer, cancellationToken);
        if (Position - _begun < PortionBytes) return;
        // Where it cannot be done it is done at the end; and what fails is told there.
        _ = sync_file_range(SafeFileHandle, _begun, Position - _begun, Begin);
        _begun = Position;
    }

    [LibraryImport("libc")]
    private static partial int sync_file_range(SafeFileHandle file, long offset, long count, uint flags);
}
