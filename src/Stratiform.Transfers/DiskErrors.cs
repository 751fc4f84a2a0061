namespace Stratiform.Transfers;

/// <summary>What the exceptions of files say about the disk, or the share, that they lie on.</summary>
public static class DiskErrors
{
    // ENOSPC and EDQUOT, as exceptions of files carry them.
    internal const int OutOfSpace = 28;
    private const int OverQuota = 122;

    // Of the kernel, in exceptions of files.
    private const int LastError = 4096;

    /// <summary>Whether there is no room, or no more for us.</summary>
    public static bool IsFull(IOException broken) => broken.HResult is OutOfSpace or OverQuota;

    /// <summary>Whether a disk said it: what a server does has no number of its own, what a disk does, or a share that has gone, has.</summary>
    public static bool IsOfDisk(IOException broken) => broken.HResult is > 0 and < LastError;

    /// <summary>The kernel's words without the path, which means nothing outside.</summary>
    public static string Reason(Exception broken) => broken.Message.Split(" : '", 2)[0].TrimEnd('.', ' ');
}
