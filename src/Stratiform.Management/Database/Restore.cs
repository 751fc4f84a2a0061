using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Stratiform.Management.Database;

/// <summary>
/// Puts a backup in the place of the database. It is filled beside the old one and changes names with it at the end, so
/// that whatever stops a restore before leaves everything as it was.
/// </summary>
/// <param name="subject">What is replaced. A missing key file comes from the backup's <c>.keys</c>.</param>
/// <param name="time">The clock of retries.</param>
/// <param name="progress">Takes lines for the operator.</param>
public sealed class Restore(BackupSubject subject, TimeProvider time, Action<string> progress)
{
    /// <summary>More leases than a cloud takes between a backup and its restore.</summary>
    private const string FenceLeap = "4294967296";

    private readonly NpgsqlConnectionStringBuilder target = new(subject.ConnectionString);

    /// <summary>Reads <paramref name="file"/>, and <c>file.keys</c> if a key is missing here.</summary>
    /// <exception cref="OperatorException">A server runs, the backup is newer than this server, damaged, or its key is nowhere.</exception>
    public async Task ReadAsync(string file, CancellationToken ct)
    {
        if (!File.Exists(file)) throw new OperatorException($"There is no backup {file}.");
        await RefuseWhileInUseAsync(ct);
        Directory.CreateDirectory(subject.WorkFolder);
        var dump = Path.Combine(subject.WorkFolder, $"restoring-{Environment.ProcessId}.dump");
        try
        {
            progress($"Checking {file} …");
            var manifest = await UnpackAsync(file, dump, ct);
            var keys = await BackupKeys.ChooseAsync(subject.KeyFiles, file + ".keys", manifest.KeyId, ct);
            progress($"Restoring the cloud as of {manifest.Time:u} …");
            await FillBesideAsync(dump, ct);
            await RefuseWhileInUseAsync(ct);
            BackupKeys.Put(keys, subject.KeyFiles, progress);
            await ChangeNamesAsync(ct);
            progress("Restored. Start the server.");
        }
        finally
        {
            File.Delete(dump);
        }
    }

    private string Fresh => target.Database + "_restoring";

    private string Replaced => target.Database + "_replaced";

    private async Task RefuseWhileInUseAsync(CancellationToken ct)
    {
        await using var connection = await PlainConnection.OpenAsync(AddressOf("postgres"), ct);
        // A connection that was just closed is still seen for a moment.
        for (var looks = 0; await UserAsync(connection, ct) is { } user; looks++)
        {
            if (looks == 20)
                throw new OperatorException($"The database is in use (connection {user}). Stop all servers of this cloud first: make down");
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, ct);
        }
    }

    private async Task<string?> UserAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT concat_ws(' ', pid, application_name) FROM pg_stat_activity
            WHERE datname = $1 AND backend_type = 'client backend' LIMIT 1
            """, connection);
        command.Parameters.Add(new() { Value = target.Database });
        return (string?)await command.ExecuteScalarAsync(ct);
    }

    private static async Task<BackupManifest> UnpackAsync(string file, string dump, CancellationToken ct)
    {
        try
        {
            await using var input = File.OpenRead(file);
            await using var tar = new TarReader(input);
            if (await tar.GetNextEntryAsync(cancellationToken: ct) is not { Name: BackupManifest.Entry, DataStream: { } text })
                throw new OperatorException($"{file} is no backup of Stratiform.");
            var manifest = BackupManifest.Read(text);
            RefuseNewer(manifest);
            if (await tar.GetNextEntryAsync(cancellationToken: ct) is not { Name: BackupManifest.Database, DataStream: { } content })
                throw Damaged(file);
            return await CopyAsync(content, dump, ct) == manifest.Files[BackupManifest.Database] ? manifest : throw Damaged(file);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or EndOfStreamException or KeyNotFoundException)
        {
            throw Damaged(file, e);
        }
    }

    private static OperatorException Damaged(string file, Exception? inner = null) =>
        new($"{file} is damaged: it is not what was written (its checksums differ). Take another backup.", inner);

    private static void RefuseNewer(BackupManifest manifest)
    {
        using var db = PlainConnection.Context("");
        if (manifest.Format <= BackupManifest.CurrentFormat && db.Database.GetMigrations().Contains(manifest.Schema)) return;
        throw new OperatorException($"The backup is newer than this server: version {manifest.Version} wrote it, "
            + $"with schema {manifest.Schema}, and this is {ServerVersion.Current}. Install that version, then restore.");
    }

    private static async Task<string> CopyAsync(Stream content, string path, CancellationToken ct)
    {
        using var hash = SHA256.Create();
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var output = File.Open(path, options))
        await using (var hashing = new CryptoStream(output, hash, CryptoStreamMode.Write))
            await content.CopyToAsync(hashing, ct);
        return Convert.ToHexStringLower(hash.Hash!);
    }

    private async Task FillBesideAsync(string dump, CancellationToken ct)
    {
        await ExecuteAsync($"DROP DATABASE IF EXISTS \"{Fresh}\"", ct);
        await ExecuteAsync($"CREATE DATABASE \"{Fresh}\" TEMPLATE template0", ct);
        try
        {
            await new PostgresTools(AddressOf(Fresh)).RestoreAsync(dump, ct);
            // Hosts have obeyed fences drawn after the backup, and refuse lower ones.
            await ExecuteAsync(Fresh, $"SELECT setval('workflow_fence', last_value + {FenceLeap}) FROM workflow_fence", ct);
        }
        catch (OperatorException)
        {
            await ExecuteAsync($"DROP DATABASE \"{Fresh}\"", CancellationToken.None);
            throw;
        }
    }

    private async Task ChangeNamesAsync(CancellationToken ct)
    {
        await ExecuteAsync($"DROP DATABASE IF EXISTS \"{Replaced}\"", ct);
        // One transaction: there is never a moment, not even after a crash, without a database of that name.
        await ExecuteAsync($"""
            BEGIN;
            ALTER DATABASE "{target.Database}" RENAME TO "{Replaced}";
            ALTER DATABASE "{Fresh}" RENAME TO "{target.Database}";
            COMMIT;
            """, ct);
        await ExecuteAsync($"DROP DATABASE \"{Replaced}\"", ct);
    }

    private Task ExecuteAsync(string statement, CancellationToken ct) => ExecuteAsync("postgres", statement, ct);

    private async Task ExecuteAsync(string database, string statement, CancellationToken ct)
    {
        await using var connection = await PlainConnection.OpenAsync(AddressOf(database), ct);
        await PlainConnection.ExecuteAsync(connection, statement, ct);
    }

    private string AddressOf(string database) =>
        new NpgsqlConnectionStringBuilder(subject.ConnectionString) { Database = database }.ConnectionString;
}
