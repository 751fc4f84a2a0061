using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Stratiform.Management.Database;

/// <summary>What belongs to a cloud's backup.</summary>
/// <param name="ConnectionString">The database's.</param>
/// <param name="WorkFolder">Room for one copy of the database while a backup is read.</param>
/// <param name="KeyFiles">Files of secrets by the names they have in a backup: the master key, and what is there of others.</param>
public sealed record BackupSubject(string ConnectionString, string WorkFolder, IReadOnlyDictionary<string, string> KeyFiles)
{
    /// <summary>The name of the master key's file in a backup.</summary>
    public const string MasterKeyName = "master.key";

    /// <summary>The name of the first administrator's credentials in a backup.</summary>
    public const string CredentialsName = "cloud.env";
}

/// <summary>
/// Writes a backup while the servers run: a tar with the database and a manifest. Keys go beside it, into
/// <c>FILE.keys</c>: who keeps the two apart loses no secret with one of them.
/// </summary>
/// <param name="subject">What is backed up.</param>
/// <param name="time">Dates the backup.</param>
/// <param name="progress">Takes lines for the operator.</param>
public sealed class Backup(BackupSubject subject, TimeProvider time, Action<string> progress)
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes <paramref name="file"/> and <c>file.keys</c>.</summary>
    /// <exception cref="OperatorException">One of them exists, the master key is missing, or PostgreSQL refuses.</exception>
    public async Task WriteAsync(string file, CancellationToken ct)
    {
        await using var asItIs = await PlainConnection.LockSchemaAsync(subject.ConnectionString, toChangeIt: false, ct);
        await WriteAloneAsync(file, ct);
    }

    /// <summary>The same for a caller who sees to it that the schema stands still.</summary>
    internal async Task WriteAloneAsync(string file, CancellationToken ct)
    {
        Refuse(file);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var dump = file + ".dump";
        var unfinished = file + ".unfinished";
        try
        {
            progress("Reading the database …");
            var began = time.GetUtcNow();
            // PostgreSQL keeps the mode of a file that is there.
            await Create(dump).DisposeAsync();
            await new PostgresTools(subject.ConnectionString).DumpAsync(dump, ct);
            progress($"Packing {Megabytes(dump)} …");
            var manifest = await DescribeAsync(dump, began, ct);
            (string, Stream) first = (BackupManifest.Entry, new MemoryStream(manifest.Write()));
            await PackAsync(unfinished, [first, (BackupManifest.Database, File.OpenRead(dump))], ct);
            await WriteKeysAsync(file + ".keys", ct);
            File.Move(unfinished, file, overwrite: false);
            progress($"Wrote {file}, {Megabytes(file)}.");
        }
        finally
        {
            File.Delete(dump);
            File.Delete(unfinished);
        }
    }

    private void Refuse(string file)
    {
        foreach (var existing in new[] { file, file + ".keys" }.Where(File.Exists))
            throw new OperatorException($"{existing} exists. Choose another name, or remove it.");
        if (subject.KeyFiles.TryGetValue(BackupSubject.MasterKeyName, out var key) && !File.Exists(key))
            throw new OperatorException($"The key file {key} is missing: without it the backup's secrets could not be read.");
    }

    private async Task<BackupManifest> DescribeAsync(string dump, DateTimeOffset began, CancellationToken ct)
    {
        await using var db = PlainConnection.Context(subject.ConnectionString);
        var schema = (await db.Database.GetAppliedMigrationsAsync(ct)).LastOrDefault()
            ?? throw new OperatorException("The database is empty: no server has started on it yet.");
        // A backup from before a migration may come from a schema that does not have the row's table yet.
        var key = await HasInstallationAsync(db, ct) ? await Installation.ReadKeyIdAsync(db, ct) : null;
        await using var content = File.OpenRead(dump);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
        Dictionary<string, string> files = new() { [BackupManifest.Database] = hash };
        return new(BackupManifest.CurrentFormat, ServerVersion.Current, schema, began, key, files);
    }

    private static async Task<bool> HasInstallationAsync(CloudDb db, CancellationToken ct) =>
        await db.Database.SqlQuery<bool>($"SELECT to_regclass('installation') IS NOT NULL AS \"Value\"").SingleAsync(ct);

    private async Task WriteKeysAsync(string file, CancellationToken ct)
    {
        if (subject.KeyFiles.Count == 0) return;
        await PackAsync(file, subject.KeyFiles.Where(key => File.Exists(key.Value)).Select(key => (key.Key, (Stream)File.OpenRead(key.Value))), ct);
        progress($"Wrote the keys to {file}. Keep them apart from the backup.");
    }

    private static async Task PackAsync(string file, IEnumerable<(string Name, Stream Content)> entries, CancellationToken ct)
    {
        await using var output = Create(file);
        await using (var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                await using var data = content;
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data, Mode = Mine }, ct);
            }
        }
        output.Flush(flushToDisk: true);
    }

    private static FileStream Create(string file) =>
        File.Open(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Mine });

    private static string Megabytes(string file) =>
        string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(file).Length / 1e6:0.0} MB");
}
