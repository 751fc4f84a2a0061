using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stratiform.Linux;

/// <summary>A file that the kernel writes to the disk behind who writes it, and not only when that is waited for.</summary>
public sealed partial class WrittenBehind : FileStream
{
    private const int StretchBytes = 8 << 20;
    private const uint BeginToWrite = 2;
    private readonly SafeFileHandle _file;
    private long _behind = -1;

    /// <param name="file">The file, which is closed with this.</param>
    /// <param name="bufferBytes">Shorter writes are gathered.</param>
    public WrittenBehind(SafeFileHandle file, int bufferBytes) : base(file, FileAccess.Write, bufferBytes) => _file = file;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_behind < 0) _behind = Position;
        await base.WriteAsync(buffer, cancellationToken);
        if (Position - _behind < StretchBytes) return;
        // Whether it succeeds is told by the flush at the end.
        _ = sync_file_range(_file, _behind, Position - _behind, BeginToWrite);
        _behind = Position;
    }

    [LibraryImport("libc")]
    private static partial int sync_file_range(SafeFileHandle file, long offset, long count, uint flags);
}
