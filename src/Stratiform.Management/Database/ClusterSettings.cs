using System.Globalization;

namespace Stratiform.Management.Database;

/// <summary>How a private cluster is set up.</summary>
/// <param name="Durable">False only for tests: a power cut may then cost everything.</param>
/// <param name="MaxConnections">How many connections it takes.</param>
public sealed record ClusterSettings(bool Durable = true, int MaxConnections = 100)
{
    /// <summary>Writes PostgreSQL's files anew; an operator's own settings go into <c>operator.conf</c> and come last.</summary>
    internal void Write(ClusterPlace place, ClusterOwner owner)
    {
        WriteFile(place, "postgresql.conf", Configuration(place.Sockets));
        WriteFile(place, "pg_hba.conf", "local all all peer map=stratiform\n");
        string[] peers = owner.IsSomeoneElse ? ["root", owner.Name] : [owner.Name];
        WriteFile(place, "pg_ident.conf", string.Concat(peers.Select(peer => $"stratiform \"{peer}\" {PrivateCluster.Role}\n")));
    }

    private string Configuration(string sockets) => string.Create(CultureInfo.InvariantCulture, $"""
        # Written by Stratiform at each start. Your own settings: operator.conf in this folder.
        listen_addresses = ''
        unix_socket_directories = '{sockets.Replace("'", "''", StringComparison.Ordinal)}'
        unix_socket_permissions = 0700
        max_connections = {MaxConnections}
        shared_buffers = 64MB
        max_wal_size = 512MB
        jit = off
        fsync = {OnOff(Durable)}
        full_page_writes = {OnOff(Durable)}
        synchronous_commit = {OnOff(Durable)}
        timezone = 'UTC'
        lc_messages = 'C'
        logging_collector = on
        log_directory = '../log'
        log_filename = 'postgresql-%a.log'
        log_rotation_age = 1d
        log_rotation_size = 0
        log_truncate_on_rotation = on
        log_line_prefix = '%m [%p] '
        log_checkpoints = off
        log_min_duration_statement = 2s
        log_timezone = 'UTC'
        include_if_exists = 'operator.conf'

        """);

    private static string OnOff(bool on) => on ? "on" : "off";

    private static void WriteFile(ClusterPlace place, string name, string text)
    {
        var path = Path.Combine(place.Data, name);
        File.WriteAllText(path, text);
        // Readable to the owner though root wrote it; the folder itself is closed to everybody else.
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
