using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Stratiform.Management.Database;

/// <summary>
/// Brings the database to the schema of this server, when it starts. One server does it while the others wait; what was
/// there before is backed up first, so that an upgrade can be undone.
/// </summary>
/// <param name="connectionString">The database's.</param>
/// <param name="backupFolder">Where the backup before a migration goes.</param>
/// <param name="time">Names the backup.</param>
/// <param name="logger">The server's diary.</param>
public sealed partial class Migrator(string connectionString, string backupFolder, TimeProvider time, ILogger<Migrator> logger)
{
    /// <summary>Opens the database with the migrations that the server knows.</summary>
    internal Func<string, CloudDb> Open { get; init; } = PlainConnection.Context;

    /// <summary>Applies what is pending; returns how many migrations that were.</summary>
    /// <exception cref="OperatorException">The database is newer than this server, or not a database of Stratiform.</exception>
    public async Task<int> MigrateAsync(CancellationToken ct)
    {
        await using var alone = await PlainConnection.LockSchemaAsync(connectionString, toChangeIt: true, ct);
        await using var db = Open(connectionString);
        return await MigrateAloneAsync(db, ct);
    }

    private async Task<int> MigrateAloneAsync(CloudDb db, CancellationToken ct)
    {
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(ct)).ToList();
        if (applied.Except(known).LastOrDefault() is { } newer) throw Newer(newer);
        if (applied.Count == 0) await RequireEmptyAsync(db, ct);
        var pending = known.Except(applied).ToList();
        if (pending.Count == 0) return 0;
        if (applied.Count > 0) await BackUpAsync(applied[^1], ct);
        foreach (var migration in pending) Log.Applying(logger, migration);
        await db.Database.MigrateAsync(ct);
        return pending.Count;
    }

    private async Task BackUpAsync(string last, CancellationToken ct)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{last}.tar");
        var file = Path.Combine(backupFolder, name);
        Log.BackingUp(logger, file);
        // Without keys: they stay where they are.
        var subject = new BackupSubject(connectionString, backupFolder, new Dictionary<string, string>());
        await new Backup(subject, time, line => Log.Progress(logger, line)).WriteAloneAsync(file, ct);
    }

    private OperatorException Newer(string migration)
    {
        var newest = Directory.Exists(backupFolder) ? Directory.GetFiles(backupFolder, "*.tar").Max(StringComparer.Ordinal) : null;
        var undo = newest is null ? "" : $" The newest backup from before a migration is {newest}.";
        return new($"The database is newer than this server: {ServerVersion.Current} does not know its migration {migration}. "
            + $"Start the newer version again, or restore a backup of this one.{undo}");
    }

    private static async Task RequireEmptyAsync(CloudDb db, CancellationToken ct)
    {
        var tables = await db.Database.SqlQuery<string>($"""
            SELECT tablename::text AS "Value" FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> '__EFMigrationsHistory' LIMIT 3
            """).ToListAsync(ct);
        if (tables.Count > 0)
            throw new OperatorException(
                $"The database holds tables that are not Stratiform's ({string.Join(", ", tables)} …). Give the server an empty one.");
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Backing up the database to {File} before its schema changes")]
        public static partial void BackingUp(ILogger logger, string file);

        [LoggerMessage(Level = LogLevel.Information, Message = "Applying migration {Migration}")]
        public static partial void Applying(ILogger logger, string migration);

        [LoggerMessage(Level = LogLevel.Debug, Message = "{Line}")]
        public static partial void Progress(ILogger logger, string line);
    }
}
