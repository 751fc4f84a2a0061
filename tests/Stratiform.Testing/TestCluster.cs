using Stratiform.Linux;
using Stratiform.Management.Database;

namespace Stratiform.Testing;

/// <summary>
/// The PostgreSQL of all tests of one user of this machine, whichever checkout they run from. Each test process holds
/// one shared lock while it lives; a small watcher waits for the exclusive one and then stops the cluster, so that it
/// ends with the last test process, however that ends. Its data stay, and make the next start quick.
/// </summary>
internal static class TestCluster
{
    private static readonly ClusterSettings Settings = new(Durable: false, MaxConnections: 400);
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"stratiform-tests-{Environment.UserName}");
    private static readonly string Holders = Folder + ".holders";
    private static readonly Lazy<Task<Hold>> Started = new(StartAsync);

    /// <summary>The connection string of the cluster's own database; starts the cluster if it is down.</summary>
    public static async Task<string> ConnectionStringAsync() => (await Started.Value).ConnectionString;

    private static async Task<Hold> StartAsync()
    {
        var hold = await HoldAsync();
        var cluster = new PrivateCluster(Folder, Settings);
        string connection;
        try
        {
            connection = await cluster.StartAsync(CancellationToken.None);
        }
        catch (OperatorException) when (Directory.Exists(Folder))
        {
            // Without fsync a crash of the machine may leave rubbish, and another major version is no loss here.
            Directory.Delete(Folder, recursive: true);
            connection = await cluster.StartAsync(CancellationToken.None);
        }
        await WatchAsync();
        return new(hold, connection);
    }

    private static async Task<FileStream> HoldAsync()
    {
        while (true)
        {
            try
            {
                return File.Open(Holders, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
            }
            catch (IOException)
            {
                // A watcher is stopping the cluster.
                await Task.Delay(50);
            }
        }
    }

    private static async Task WatchAsync()
    {
        var stop = ClusterOwner.Current.Command(
            PostgresBinaries.FindNewest()["pg_ctl"], "stop", "-s", "-m", "fast", "-D", Path.Combine(Folder, "data"));
        await Shell.RunAsync("setsid",
            ["--fork", "sh", "-c", "exec \"$@\" </dev/null >/dev/null 2>&1", "sh", "flock", "-o", "-x", Holders, .. stop]);
    }

    /// <summary>Kept until the process ends, and the lock with it: a stream that nobody refers to is closed.</summary>
    private sealed record Hold(FileStream Lock, string ConnectionString);
}
