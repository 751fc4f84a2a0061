using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management;

/// <summary>
/// How the process is told what to do, by its environment: STRATIFORM_DATA (its folder), STRATIFORM_URLS (where it listens),
/// STRATIFORM_DATABASE (a connection string; without one it keeps a private cluster), STRATIFORM_CREDENTIALS (where the first
/// administrator's go), STRATIFORM_SIMULATOR (the simulator's listener).
/// </summary>
internal sealed class ServerOptions
{
    private readonly string _data = Path.GetFullPath(Read("STRATIFORM_DATA") ?? "/var/lib/stratiform");
    private readonly Uri _url = new(Read("STRATIFORM_URLS") ?? "http://127.0.0.1:8080");

    /// <summary>The database's connection string, once <see cref="PrepareAsync"/> has found it.</summary>
    public string ConnectionString { get; private set; } = Read("STRATIFORM_DATABASE") ?? "";

    /// <summary>The private cluster; null when a database was named.</summary>
    public PrivateCluster? Cluster { get; private set; }

    /// <summary>The API's listener.</summary>
    public void Listen(KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxRequestBodySize = 4 << 20;
        kestrel.AddServerHeader = false;
        var address = IPAddress.TryParse(_url.Host, out var ip) ? ip : IPAddress.Loopback;
        kestrel.Listen(address, _url.Port);
    }

    /// <summary>Starts or adopts the private cluster if no database is named, brings the schema up to date, and opens the master key.</summary>
    /// <returns>What the composition needs.</returns>
    /// <exception cref="OperatorException">Something is wrong that an operator has to put right.</exception>
    public async Task<CloudOptions> PrepareAsync(ILoggerFactory loggers, CancellationToken ct)
    {
        await ConnectAsync(loggers, ct);
        // The same few hundred statements all day: planning each once for a connection is half of PostgreSQL's work. What a reset
        // would take back (settings of a session, locks) nobody leaves behind.
        ConnectionString = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            MaxPoolSize = 40,
            MaxAutoPrepare = 150,
            NoResetOnClose = true,
            ApplicationName = "stratiform",
        }.ConnectionString;
        await new Migrator(ConnectionString, BackupFolder, TimeProvider.System, loggers.CreateLogger<Migrator>()).MigrateAsync(ct);
        await using var db = PlainConnection.Context(ConnectionString);
        return new()
        {
            Engine = new() { Owner = string.Create(CultureInfo.InvariantCulture, $"{Dns.GetHostName()}/{Environment.ProcessId}/{Id.New<ServerOptions>()}") },
            Secrets = await Secrets.OpenAsync(db, MasterKeyFile, ct),
            Simulator = Read("STRATIFORM_SIMULATOR") is { } simulator ? new Uri(simulator) : null,
        };
    }

    /// <summary>What <c>backup</c> and <c>restore</c> are about; the private cluster runs afterwards.</summary>
    /// <exception cref="OperatorException">Something is wrong that an operator has to put right.</exception>
    public async Task<BackupSubject> OpenForBackupAsync(CancellationToken ct)
    {
        await ConnectAsync(NullLoggerFactory.Instance, ct);
        return new(ConnectionString, BackupFolder, new Dictionary<string, string>
        {
            [BackupSubject.MasterKeyName] = MasterKeyFile,
            [BackupSubject.CredentialsName] = CredentialsFile,
        });
    }

    private string BackupFolder => Path.Combine(_data, "backups");

    private string MasterKeyFile => Read("STRATIFORM_MASTER_KEY") ?? Path.Combine(_data, "master.key");

    private string CredentialsFile => Read("STRATIFORM_CREDENTIALS") ?? Path.Combine(_data, "cloud.env");

    private async Task ConnectAsync(ILoggerFactory loggers, CancellationToken ct)
    {
        Directory.CreateDirectory(_data);
        if (ConnectionString.Length > 0) return;
        Cluster = new PrivateCluster(Path.Combine(_data, "database"), logger: loggers.CreateLogger<PrivateCluster>());
        ConnectionString = await Cluster.StartAsync(ct);
    }

    /// <summary>Writes what the operator needs for the first call, readable by the operator alone.</summary>
    public Task WriteCredentialsAsync(FirstAdmin first, CancellationToken ct)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"""
            CLOUDSTACK_ENDPOINT={new Uri(_url, "client/api")}
            CLOUDSTACK_KEY={first.ApiKey}
            CLOUDSTACK_SECRET={first.SecretKey}
            CLOUDSTACK_USER={first.UserName}
            CLOUDSTACK_PASSWORD={first.Password}

            """);
        var file = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        return WriteAsync(text, file, ct);
    }

    private async Task WriteAsync(string text, FileStreamOptions how, CancellationToken ct)
    {
        await using var writer = new StreamWriter(CredentialsFile, how);
        await writer.WriteAsync(text.AsMemory(), ct);
    }

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
