using System.Runtime.InteropServices;

namespace Stratiform.Linux;

/// <summary>Signals to processes that are not our children.</summary>
public static partial class Signals
{
    private const int Kill = 9;

    /// <summary>Ends a process that leads a session, and all it started.</summary>
    public static void KillSession(int leader) => _ = kill(-leader, Kill);

    /// <summary>Files that are made from now on are for their owner alone.</summary>
    public static void KeepFilesPrivate() => _ = umask(0x3F);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);
}
