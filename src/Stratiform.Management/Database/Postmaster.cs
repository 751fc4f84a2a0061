using Npgsql;
using Stratiform.Linux;

namespace Stratiform.Management.Database;

/// <summary>The PostgreSQL server of one place: creates it, starts it, stops it, asks whether it answers.</summary>
internal sealed class Postmaster(PostgresBinaries binaries, ClusterOwner owner, ClusterPlace place, ClusterSettings settings)
{
    private const int UsualPort = 5432;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(3);

    /// <summary>Where it lives.</summary>
    public ClusterPlace Place => place;

    /// <summary>How to reach one of its databases. One that was started by other means is found where it says it is.</summary>
    public string ConnectionString(string database)
    {
        var file = PostmasterFile.Read(place.Data);
        return new NpgsqlConnectionStringBuilder
        {
            Host = file is { Sockets.Length: > 0 } ? file.Sockets : place.Sockets,
            Port = file is { Port: > 0 } ? file.Port : UsualPort,
            Username = PrivateCluster.Role,
            Database = database,
            MaxPoolSize = 50,
        }.ConnectionString;
    }

    /// <summary>Makes an empty cluster where there is none; refuses one of another major version.</summary>
    public async Task CreateIfMissingAsync(CancellationToken ct)
    {
        if (File.Exists(Path.Combine(place.Data, "PG_VERSION")))
        {
            MajorVersion.Require(binaries, owner, place);
            return;
        }
        // Made beside and renamed, so that what a kill left half made is never taken for a cluster.
        var unfinished = place.Data + ".unfinished";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        var initdb = await owner.TryRunAsync(binaries["initdb"], InitdbArguments(unfinished, settings.Durable), StartLimit, ct);
        if (initdb.ExitCode != 0) throw new OperatorException($"PostgreSQL's initdb failed: {(initdb.Errors + initdb.Output).Trim()}");
        Directory.Move(unfinished, place.Data);
    }

    /// <summary>What <c>initdb</c> is told: checksums, one role, no passwords (the server's own files close it further).</summary>
    public static IReadOnlyList<string> InitdbArguments(string data, bool durable = true) =>
    [
        "-D", data, "--username", PrivateCluster.Role, "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=peer",
        .. durable ? (string[])[] : ["--no-sync"],
    ];

    /// <summary>Whether its first process lives.</summary>
    public ProcessLife Life() => PostmasterFile.Read(place.Data)?.Life() ?? ProcessLife.Gone;

    /// <summary>Whether it takes connections.</summary>
    public async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=5");
            await connection.OpenAsync(ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Starts it in a session of its own; false if it ended again, see <see cref="LastWords"/>.</summary>
    public async Task<bool> TryStartAsync(CancellationToken ct)
    {
        // The number of a dead process that stays taken would stop PostgreSQL for good.
        if (Life() == ProcessLife.Unreaped) File.Delete(Path.Combine(place.Data, "postmaster.pid"));
        File.Delete(Path.Combine(place.Sockets, $".s.PGSQL.{UsualPort}.lock"));
        File.Delete(place.StartLog);
        // pg_ctl puts the server into a session of its own and hands it no terminal.
        var result = await owner.TryRunAsync(
            binaries["pg_ctl"], ["start", "-D", place.Data, "-l", place.StartLog, "-s", "-w", "-t", "30"], StartLimit, ct);
        LastWords = string.Join('\n', [result.Errors.Trim(), .. await TailAsync(place.StartLog, ct), .. await TailAsync(NewestLog(), ct)]);
        return result.ExitCode == 0 || Life() == ProcessLife.Lives;
    }

    /// <summary>What it said when it did not start.</summary>
    public string LastWords { get; private set; } = "";

    /// <summary>Whether processes of a crashed predecessor still end; until then PostgreSQL refuses to start.</summary>
    public async Task<bool> HasLeftOversAsync(CancellationToken ct)
    {
        // PostgreSQL's processes, and nobody else's, work in the data directory.
        var data = (await Shell.RunAsync("readlink", ["-f", place.Data], ct: ct)).Trim();
        return Directory.EnumerateDirectories("/proc").Any(process => WorksIn(process, data));
    }

    private static bool WorksIn(string process, string folder)
    {
        try
        {
            return char.IsAsciiDigit(process[^1]) && new DirectoryInfo(Path.Combine(process, "cwd")).LinkTarget == folder;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string NewestLog() =>
        Directory.EnumerateFiles(place.Logs, "postgresql-*.log").MaxBy(File.GetLastWriteTimeUtc) ?? place.StartLog;

    private static async Task<IEnumerable<string>> TailAsync(string log, CancellationToken ct) =>
        File.Exists(log) ? (await File.ReadAllLinesAsync(log, ct)).TakeLast(5) : [];

    /// <summary>Stops it: clients are sent away, what is committed is on disk.</summary>
    /// <exception cref="OperatorException">It does not stop.</exception>
    public async Task StopAsync(CancellationToken ct)
    {
        var result = await owner.TryRunAsync(
            binaries["pg_ctl"], ["stop", "-D", place.Data, "-s", "-m", "fast", "-w", "-t", "120"], StopLimit, ct);
        if (result.ExitCode != 0 && Life() == ProcessLife.Lives)
            throw new OperatorException($"PostgreSQL does not stop: {result.Errors.Trim()}. Its log: {place.Logs}");
    }
}
