using System.Globalization;
using Stratiform.Linux;

namespace Stratiform.Agent.Storage;

/// <summary>
/// A process in a session of its own, which a restart of the agent does not touch, and a folder where it leaves how it ended. The
/// folder is the agent's alone: what the process is told may be secret.
/// </summary>
internal sealed class DetachedJob(string folder)
{
    /// <summary>
    /// Arguments: folder, and the command that does the work. What ends soon compiles hastily; the agent itself, which stays, does it once.
    /// </summary>
    private const string Script = """
        cd "$1" || exit
        shift
        DOTNET_TieredCompilation=1 "$@" 2>errors
        echo $? >ended.new
        mv ended.new ended
        """;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    public bool Exists => Directory.Exists(folder);

    public bool HasEnded => File.Exists(PathOf("ended"));

    /// <summary>Waits until it has ended, and not for long.</summary>
    public async Task AwaitEndAsync(TimeSpan limit, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; !HasEnded && waited < limit; waited += Glance) await Task.Delay(Glance, ct);
    }

    /// <summary>The exit code of one that has ended.</summary>
    public int Result => int.Parse(File.ReadAllText(PathOf("ended")), CultureInfo.InvariantCulture);

    /// <summary>The last thing that it said was wrong, without the frames of a stack: libraries may have said something before.</summary>
    public string Complaint =>
        File.ReadLines(PathOf("errors")).LastOrDefault(line => line.Length > 0 && !char.IsWhiteSpace(line[0]), "it ended with no word");

    /// <summary>Where a file of the job lies.</summary>
    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Makes the folder, empty.</summary>
    public void Prepare() => Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Begins a command of this program in a process of its own.</summary>
    /// <param name="name">What the process is called in lists.</param>
    /// <param name="arguments">The command.</param>
    /// <param name="ct">Gives up.</param>
    // The shell in front gives up the pipes that the agent would wait for, and the session is the job's own.
    public Task StartAsync(string name, IEnumerable<string> arguments, CancellationToken ct) => Shell.RunAsync("sh",
    [
        "-c", "setsid sh -c \"$@\" </dev/null >/dev/null 2>&1 & echo $! >\"$3/pid\"", "sh",
        Script, name, folder, .. FetchCommand.Program, .. arguments,
    ], ct: ct);

    /// <summary>Whether its process is there. The number alone proves nothing: another process may have it since.</summary>
    public bool IsAlive()
    {
        try
        {
            return Pid() is var pid && pid > 0 && File.ReadAllText($"/proc/{pid}/cmdline").Contains(folder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Ends its process.</summary>
    public void Kill()
    {
        if (Exists && IsAlive()) Signals.KillSession(Pid());
    }

    /// <summary>Forgets it.</summary>
    public void Forget()
    {
        // What was killed a moment ago may still leave a file.
        if (!SpinWait.SpinUntil(IsGone, LastWords)) Directory.Delete(folder, recursive: true);
    }

    private bool IsGone()
    {
        try
        {
            if (Exists) Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private int Pid() => File.Exists(PathOf("pid"))
        && int.TryParse(File.ReadAllText(PathOf("pid")), CultureInfo.InvariantCulture, out var pid) ? pid : 0;
}
