using System.Runtime.InteropServices;
using static Stratiform.Linux.NfsNative;

namespace Stratiform.Linux;

/// <summary>
/// A file of an NFS server (version 4), read by this process and not by the kernel, which a server that hangs would hang with it.
/// libnfs' calls block, and one at a time may run. Whatever goes wrong is a <see cref="NfsException"/>.
/// </summary>
public sealed unsafe class NfsFile : IDisposable
{
    private const int ReadOnly = 0;

    // Where struct nfs_stat_64 has it, and more words than any version's struct has.
    private const int SizeWord = 7;
    private const int StatusWords = 32;
    private nint _context;
    private nint _file;
    private bool _isBroken;

    private NfsFile(nint context) => _context = context;

    /// <summary>Its size when it was opened.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>Opens the file.</summary>
    /// <param name="url"><c>nfs://server/folders/name</c>.</param>
    /// <param name="patience">How long one answer of the server may take.</param>
    public static NfsFile Open(Uri url, TimeSpan patience)
    {
        var path = Uri.UnescapeDataString(url.AbsolutePath);
        var name = path.LastIndexOf('/');
        var opened = new NfsFile(NewContext(patience));
        try
        {
            opened.Check(nfs_mount(opened._context, url.Host, path[..Math.Max(1, name)]));
            opened.Check(nfs_open(opened._context, path[name..], ReadOnly, out opened._file));
            var status = stackalloc ulong[StatusWords];
            opened.Check(nfs_fstat64(opened._context, opened._file, status));
            opened.LengthBytes = (long)status[SizeWord];
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Reads some bytes from an offset on; 0 at the end.</summary>
    public int Read(long offset, Span<byte> into)
    {
        fixed (byte* buffer = into) return Check(nfs_pread(_context, _file, (ulong)offset, (ulong)into.Length, buffer));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_context == 0) return;
        // A server that has gone need not be told.
        if (_file != 0 && !_isBroken) _ = nfs_close(_context, _file);
        nfs_destroy_context(_context);
        _context = 0;
    }

    private static nint NewContext(TimeSpan patience)
    {
        try
        {
            var context = nfs_init_context();
            if (context == 0) throw new NfsException(0, "libnfs has no memory");
            _ = nfs_set_version(context, 4);
            nfs_set_timeout(context, (int)patience.TotalMilliseconds);
            // What it had open is lost with the connection.
            nfs_set_autoreconnect(context, 0);
            // Hosts that are made alike have processes of the same number at the same second, which is all that its own name consists of.
            nfs4_set_client_name(context, $"stratiform {Guid.CreateVersion7()}");
            return context;
        }
        catch (TypeLoadException missing)
        {
            throw new NfsException(0, "libnfs is not installed on this host", missing);
        }
    }

    private int Check(int result)
    {
        if (result >= 0) return result;
        _isBroken = true;
        throw new NfsException(-result, Marshal.PtrToStringUTF8(nfs_get_error(_context)) ?? $"error {-result}");
    }
}

/// <summary>What libnfs said was wrong.</summary>
/// <param name="number">The error's number (errno); 0 when it has none.</param>
/// <param name="text">Its words, as the rest of a sentence.</param>
/// <param name="inner">Where it comes from.</param>
public sealed class NfsException(int number, string text, Exception? inner = null) : IOException(text, inner)
{
    private const int NoSuchFile = 2;

    /// <summary>There is no such file.</summary>
    public bool IsMissing => number == NoSuchFile;
}
