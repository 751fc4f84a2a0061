using System.Runtime.InteropServices;

namespace Stratiform.Linux;

/// <summary>The part of libnfs' C interface that is used here; names as in libnfs.h of 4.0, whose order of arguments later versions change.</summary>
internal static unsafe partial class NfsNative
{
    private const string Libnfs = "libnfs.so.13";

    [LibraryImport(Libnfs)]
    public static partial nint nfs_init_context();

    [LibraryImport(Libnfs)]
    public static partial void nfs_destroy_context(nint nfs);

    [LibraryImport(Libnfs)]
    public static partial int nfs_set_version(nint nfs, int version);

    [LibraryImport(Libnfs)]
    public static partial void nfs_set_timeout(nint nfs, int milliseconds);

    [LibraryImport(Libnfs)]
    public static partial void nfs_set_autoreconnect(nint nfs, int retries);

    [LibraryImport(Libnfs, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void nfs4_set_client_name(nint nfs, string name);

    [LibraryImport(Libnfs, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int nfs_mount(nint nfs, string server, string folder);

    [LibraryImport(Libnfs, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int nfs_open(nint nfs, string path, int flags, out nint file);

    [LibraryImport(Libnfs)]
    public static partial int nfs_fstat64(nint nfs, nint file, ulong* status);

    [LibraryImport(Libnfs)]
    public static partial int nfs_pread(nint nfs, nint file, ulong offset, ulong count, byte* buffer);

    [LibraryImport(Libnfs)]
    public static partial int nfs_close(nint nfs, nint file);

    [LibraryImport(Libnfs)]
    public static partial nint nfs_get_error(nint nfs);
}
