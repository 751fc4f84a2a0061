using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Stratiform.Management.Database;

/// <summary>
/// The PostgreSQL that a server without a connection string keeps for itself. It runs in its own session and outlives the
/// server, which adopts it when it comes back: a restart of the server is no restart of the database. It has no port; who
/// may talk to its socket is decided by the kernel's word on who is calling (peer authentication). Servers that start at
/// the same time on the same folder end up with one cluster.
/// </summary>
/// <param name="folder">Where it is wanted; see <see cref="ClusterPlace"/> for where it is.</param>
/// <param name="settings">How it is set up when it starts; one that runs is taken as it is.</param>
/// <param name="time">The clock of retries.</param>
/// <param name="logger">The server's diary.</param>
public sealed partial class PrivateCluster(
    string folder, ClusterSettings? settings = null, TimeProvider? time = null, ILogger<PrivateCluster>? logger = null)
{
    /// <summary>Both the only role of the cluster and the name of its database.</summary>
    public const string Role = "stratiform";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ClusterSettings settings = settings ?? new ClusterSettings();
    private readonly ClusterOwner owner = ClusterOwner.Current;
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly ILogger logger = logger ?? NullLogger<PrivateCluster>.Instance;

    /// <summary>Adopts the cluster if it runs, else makes and starts it; returns the connection string of its database.</summary>
    /// <exception cref="OperatorException">It is of another major version, or does not start.</exception>
    public async Task<string> StartAsync(CancellationToken ct)
    {
        var binaries = PostgresBinaries.FindNewest();
        var place = await ClusterPlace.PrepareAsync(folder, owner, ct);
        using var alone = await LockFile.TakeAsync(Path.Combine(place.Folder, "lock"), time, ct);
        var postgres = new Postmaster(binaries, owner, place, settings);
        await postgres.CreateIfMissingAsync(ct);
        await BringUpAsync(postgres, ct);
        await CreateDatabaseIfMissingAsync(postgres, ct);
        return postgres.ConnectionString(Role);
    }

    /// <summary>Stops it as a service does: open transactions are rolled back, what is committed is on disk.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (!Directory.Exists(folder)) return;
        var place = await ClusterPlace.PrepareAsync(folder, owner, ct);
        using var alone = await LockFile.TakeAsync(Path.Combine(place.Folder, "lock"), time, ct);
        var postgres = new Postmaster(PostgresBinaries.FindNewest(), owner, place, settings);
        if (postgres.Life() == ProcessLife.Lives) await postgres.StopAsync(ct);
        Directory.Delete(place.Sockets, recursive: true);
        Log.Stopped(logger, place.Folder);
    }

    /// <summary>Starts it again whenever it is gone, until cancelled: a database that crashed is nobody's business but ours.</summary>
    public async Task KeepAsync(CancellationToken ct)
    {
        var place = await ClusterPlace.PrepareAsync(folder, owner, ct);
        var postgres = new Postmaster(PostgresBinaries.FindNewest(), owner, place, settings);
        using var timer = new PeriodicTimer(Glance, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            if (postgres.Life() == ProcessLife.Lives) continue;
            Log.Gone(logger, place.Folder);
            try
            {
                await StartAsync(ct);
            }
            catch (OperatorException wrong)
            {
                Log.StaysGone(logger, wrong);
            }
        }
    }

    /// <summary>Whether a server runs on the folder.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken ct)
    {
        if (!Directory.Exists(folder)) return false;
        var place = await ClusterPlace.PrepareAsync(folder, owner, ct);
        return new Postmaster(PostgresBinaries.FindNewest(), owner, place, settings).Life() == ProcessLife.Lives;
    }

    private async Task BringUpAsync(Postmaster postgres, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        for (var started = false; ; await Task.Delay(Pause, time, ct))
        {
            var late = time.GetElapsedTime(began) > Patience;
            if (postgres.Life() == ProcessLife.Lives)
            {
                if (await postgres.AnswersAsync(ct))
                {
                    if (!started) Log.Adopted(logger, postgres.Place.Folder);
                    return;
                }
                // Recovering after a crash, or on its way down: both end.
                if (late) throw new OperatorException($"PostgreSQL runs but does not answer. Its log: {postgres.Place.Logs}");
                continue;
            }
            if (await postgres.HasLeftOversAsync(ct) && !late) continue;
            settings.Write(postgres.Place, owner);
            started = await postgres.TryStartAsync(ct);
            if (!started)
                throw new OperatorException($"PostgreSQL does not start; its logs are in {postgres.Place.Logs}. It says: {postgres.LastWords}");
            Log.Started(logger, postgres.Place.Folder);
        }
    }

    private static async Task CreateDatabaseIfMissingAsync(Postmaster postgres, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using var exists = new NpgsqlCommand("SELECT count(*) FROM pg_database WHERE datname = $1", connection);
        exists.Parameters.Add(new() { Value = Role });
        if (Convert.ToInt64(await exists.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) > 0) return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE {Role}", connection);
        await create.ExecuteNonQueryAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Started the private database in {Folder}")]
        public static partial void Started(ILogger logger, string folder);

        [LoggerMessage(Level = LogLevel.Information, Message = "The private database in {Folder} still runs and is used on")]
        public static partial void Adopted(ILogger logger, string folder);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The private database in {Folder} is gone; it is started again")]
        public static partial void Gone(ILogger logger, string folder);

        [LoggerMessage(Level = LogLevel.Error, Message = "The private database cannot be started; it is tried again")]
        public static partial void StaysGone(ILogger logger, Exception wrong);

        [LoggerMessage(Level = LogLevel.Information, Message = "Stopped the private database in {Folder}")]
        public static partial void Stopped(ILogger logger, string folder);
    }
}
