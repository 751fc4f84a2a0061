using Stratiform.Linux;

namespace Stratiform.Testing;

/// <summary>A server's dealings with its private cluster, done by a process of its own; see Program.</summary>
public static class ClusterProcess
{
    private static readonly string Assembly = typeof(ClusterProcess).Assembly.Location;

    /// <summary>Starts or adopts the cluster of a folder, and ends; returns the connection string.</summary>
    /// <param name="folder">The cluster's.</param>
    /// <param name="user">As whom; as ourselves if null.</param>
    public static async Task<string> StartAsync(string folder, string? user = null) => (await RunAsync("start", folder, user)).Trim();

    /// <summary>Stops the cluster of a folder.</summary>
    public static Task StopAsync(string folder, string? user = null) => RunAsync("stop", folder, user);

    private static Task<string> RunAsync(string verb, string folder, string? user)
    {
        string[] dotnet = ["dotnet", "exec", Assembly, verb, folder];
        string[] other = ["setpriv", $"--reuid={user}", "--regid=nogroup", "--clear-groups", "--reset-env"];
        string[] command = user is null ? dotnet : [.. other, .. dotnet];
        return Shell.RunAsync(command[0], command.Skip(1), TimeSpan.FromMinutes(2));
    }
}
