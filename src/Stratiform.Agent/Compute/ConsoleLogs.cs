namespace Stratiform.Agent.Compute;

/// <summary>Keeps what guests print from filling the host's disk.</summary>
internal static class ConsoleLogs
{
    private const long LimitBytes = 1 << 20;

    /// <summary>Begins logs anew that are too long; QEMU appends, so it goes on at the beginning.</summary>
    public static void Trim(string folder)
    {
        foreach (var log in new DirectoryInfo(folder).EnumerateFiles("*.log").Where(log => log.Length > LimitBytes))
        {
            File.Copy(log.FullName, log.FullName + ".old", overwrite: true);
            using var file = log.Open(FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
        }
    }
}
