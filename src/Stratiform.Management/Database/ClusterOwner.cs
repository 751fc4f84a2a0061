using Stratiform.Linux;

namespace Stratiform.Management.Database;

/// <summary>
/// The user whom a private cluster's files and processes belong to. PostgreSQL refuses root, so for root it is
/// <c>postgres</c>; anybody else owns his own.
/// </summary>
/// <param name="Name">The user's name.</param>
/// <param name="IsSomeoneElse">True when we are root and step down to this user.</param>
internal sealed record ClusterOwner(string Name, bool IsSomeoneElse)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The owner of clusters that this process starts.</summary>
    public static ClusterOwner Current { get; } =
        Environment.IsPrivilegedProcess ? new("postgres", true) : new(Environment.UserName, false);

    /// <summary>The argument list that runs a program as the owner.</summary>
    public IReadOnlyList<string> Command(string program, params IEnumerable<string> arguments) => IsSomeoneElse
        ? ["setpriv", $"--reuid={Name}", $"--regid={Name}", "--init-groups", "--reset-env", program, .. arguments]
        : [program, .. arguments];

    /// <summary>Runs a program as the owner; see <see cref="Shell.TryRunAsync"/>.</summary>
    public Task<ShellResult> TryRunAsync(string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        var command = Command(program, arguments);
        return Shell.TryRunAsync(command[0], command.Skip(1), limit, ct);
    }

    /// <summary>Makes a folder, and what it lies in, that only the owner (and root) may open.</summary>
    public async Task CreateDirectoryAsync(string path, CancellationToken ct)
    {
        if (IsSomeoneElse)
        {
            await Shell.RunAsync("install", ["-d", "-m", "0700", "-o", Name, "-g", Name, path], ct: ct);
            return;
        }
        Directory.CreateDirectory(path, Private);
        // Fails for a folder that somebody else put there first.
        File.SetUnixFileMode(path, Private);
    }

    /// <summary>Whether the owner can reach and fill a folder; root's own home, for one, is closed to it.</summary>
    public async Task<bool> CanFillAsync(string path, CancellationToken ct)
    {
        var test = await TryRunAsync("test", ["-w", path, "-a", "-x", path], Shell.DefaultLimit, ct);
        return test.ExitCode == 0;
    }
}
