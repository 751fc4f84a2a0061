using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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
    private readonly Uri _url;
    private readonly string _data;
    private readonly string _credentials;
    private string _connection;

    private ServerOptions(string data, string url, string connection, string credentials, CloudOptions cloud)
    {
        (_data, _url, _connection, _credentials, Cloud) = (data, new Uri(url), connection, credentials, cloud);
        Directory.CreateDirectory(data);
    }

    /// <summary>What the composition needs.</summary>
    public CloudOptions Cloud { get; }

    /// <summary>Reads the environment.</summary>
    public static ServerOptions FromEnvironment()
    {
        var data = Path.GetFullPath(Read("STRATIFORM_DATA") ?? "/var/lib/stratiform");
        Directory.CreateDirectory(data);
        var cloud = new CloudOptions
        {
            Engine = new() { Owner = string.Create(CultureInfo.InvariantCulture, $"{Dns.GetHostName()}/{Environment.ProcessId}/{Id.New<ServerOptions>()}") },
            Secrets = Secrets.Open(Read("STRATIFORM_MASTER_KEY") ?? Path.Combine(data, "master.key")),
            Simulator = Read("STRATIFORM_SIMULATOR") is { } simulator ? new Uri(simulator) : null,
        };
        return new(
            data, Read("STRATIFORM_URLS") ?? "http://127.0.0.1:8080", Read("STRATIFORM_DATABASE") ?? "",
            Read("STRATIFORM_CREDENTIALS") ?? Path.Combine(data, "cloud.env"), cloud);
    }

    /// <summary>The API's listener.</summary>
    public void Listen(KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxRequestBodySize = 4 << 20;
        kestrel.AddServerHeader = false;
        var address = IPAddress.TryParse(_url.Host, out var ip) ? ip : IPAddress.Loopback;
        kestrel.Listen(address, _url.Port);
    }

    /// <summary>The database's connection string, once <see cref="PrepareDatabaseAsync"/> has found it.</summary>
    public string ConnectionString() => _connection;

    /// <summary>Starts or adopts the private cluster if no database is named, and brings the schema up to date.</summary>
    public async Task PrepareDatabaseAsync(ILoggerFactory loggers, CancellationToken ct)
    {
        if (_connection.Length == 0)
        {
            var cluster = new PrivateCluster(Path.Combine(_data, "database"), logger: loggers.CreateLogger<PrivateCluster>());
            _connection = await cluster.StartAsync(ct);
        }
        _connection = new NpgsqlConnectionStringBuilder(_connection) { MaxPoolSize = 60, ApplicationName = "stratiform" }.ConnectionString;
        var migrator = new Migrator(_connection, Path.Combine(_data, "backups"), TimeProvider.System, loggers.CreateLogger<Migrator>());
        await migrator.MigrateAsync(ct);
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
        await using var writer = new StreamWriter(_credentials, how);
        await writer.WriteAsync(text.AsMemory(), ct);
    }

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
