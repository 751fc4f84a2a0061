namespace Stratiform.Management.Database;

/// <summary>Lets one process at a time do something; the kernel releases it when the process ends, however it ends.</summary>
internal static class LockFile
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for its turn; disposing what it returns is the end of it.</summary>
    public static async Task<IDisposable> TakeAsync(string path, TimeProvider time, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
            {
                await Task.Delay(Pause, time, ct);
            }
        }
    }
}
