using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Npgsql;
using Stratiform.Cli;
using Stratiform.Cli.Wire;

namespace Stratiform.Benchmarks;

/// <summary>The cloud that is measured: simulator and server as separate processes from the published files, PostgreSQL durable as in production.</summary>
internal sealed class BenchCloud : IAsyncDisposable
{
    private readonly string _bin;
    private readonly string _work;
    private readonly string _sockets = Directory.CreateTempSubdirectory("stratiform-bench.").FullName;
    private readonly int _port;
    private Daemon? _simulator;
    private Daemon? _server;
    private CloudClient? _client;

    /// <summary>A cloud of published programs; its data from an earlier run are removed.</summary>
    public BenchCloud(string bin, string work, int port)
    {
        (_bin, _work, _port) = (bin, work, port);
        RemoveData();
        var logs = Directory.CreateDirectory(Path.Combine(work, "logs"));
        foreach (var log in logs.EnumerateFiles()) log.Delete();
    }

    /// <summary>The administrator's client.</summary>
    public CloudClient Client => _client ?? throw new InvalidOperationException("The cloud has not been started.");

    /// <summary>The server's process.</summary>
    public int Server => _server!.Id;

    /// <summary>The simulator's process.</summary>
    public int Simulator => _simulator!.Id;

    /// <summary>Its PostgreSQL.</summary>
    public Postmaster Database => Postmaster.Find(Data) ?? throw new InvalidOperationException($"No PostgreSQL runs in {Data}.");

    private string Data => Path.Combine(_work, "data");

    /// <summary>Starts the simulator with hosts that answer after a delay, and the server.</summary>
    public async Task StartAsync(int hosts, TimeSpan delay, CancellationToken ct)
    {
        var socket = Path.Combine(_sockets, "sim.sock");
        _simulator = Daemon.Start(
            Path.Combine(_bin, "simulator", "Stratiform.Simulator.dll"), ["--hosts", $"{hosts}", "--listen", "unix:" + socket, "--seed", "1"],
            new Dictionary<string, string>(), Log("simulator"));
        await StartServerAsync(ct);
        if (delay > TimeSpan.Zero) await OrderDelayAsync(delay, message: null, ct);
        _client = new CloudClient(Endpoint(), TimeProvider.System);
    }

    /// <summary>Restarts PostgreSQL with statistics of its statements.</summary>
    public async Task CountStatementsAsync(CancellationToken ct)
    {
        await using (var connection = await Database.ConnectAsync(ct))
        {
            await using var preload = new NpgsqlCommand("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'", connection);
            await preload.ExecuteNonQueryAsync(ct);
            await using var extension = new NpgsqlCommand("CREATE EXTENSION pg_stat_statements", connection);
            await extension.ExecuteNonQueryAsync(ct);
        }
        await StopServerAsync();
        await Database.StopAsync();
        await StartServerAsync(ct);
    }

    /// <summary>Starts the server.</summary>
    /// <returns>How long it took until it said that it is ready.</returns>
    public async Task<TimeSpan> StartServerAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        _server = Daemon.Start(Path.Combine(_bin, "server", "Stratiform.Management.dll"), [], new Dictionary<string, string>
        {
            // As packaging/box/server starts it.
            ["DOTNET_GCgen0size"] = "0x1000000",
            ["DOTNET_GCgen0MaxBudget"] = "0x1000000",
            ["MALLOC_ARENA_MAX"] = "2",
            ["STRATIFORM_DATA"] = Data,
            ["STRATIFORM_URLS"] = Url(_port),
            ["STRATIFORM_CREDENTIALS"] = Path.Combine(_work, "cloud.env"),
            ["STRATIFORM_SIMULATOR"] = "unix:" + Path.Combine(_sockets, "sim.sock"),
        }, Log("server"));
        using var probe = new CloudClient(new(new Uri(Url(_port) + "/client/api"), null, null, "bench"), TimeProvider.System);
        while (!await IsReadyAsync(probe, ct))
        {
            if (_server.HasEnded) throw new InvalidOperationException($"The server ended; see {Log("server")}.");
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(2)) throw new TimeoutException($"The server is not ready; see {Log("server")}.");
            await Task.Delay(20, ct);
        }
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Stops the server in good order; its PostgreSQL goes on.</summary>
    public Task StopServerAsync() => _server!.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        if (_simulator is not null) await _simulator.DisposeAsync();
        if (Postmaster.Find(Data) is { } database) await database.StopAsync();
        Directory.Delete(_sockets, recursive: true);
        RemoveData();
    }

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private string Log(string name) => Path.Combine(_work, "logs", name + ".log");

    private CloudEndpoint Endpoint()
    {
        var file = File.ReadLines(Path.Combine(_work, "cloud.env")).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return EndpointLookup.Find(null, Surroundings.OfProcess() with { Variables = file });
    }

    private static async Task<bool> IsReadyAsync(CloudClient probe, CancellationToken ct)
    {
        try
        {
            return (await probe.GetAsync("/health/ready", ct)).Status == 200;
        }
        catch (CloudUnreachable)
        {
            return false;
        }
    }

    /// <summary>Has simulated hosts obey later: one kind of message, or all.</summary>
    public async Task OrderDelayAsync(TimeSpan delay, string? message, CancellationToken ct)
    {
        var socket = Path.Combine(_sockets, "sim.sock");
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), token);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        using var invoker = new HttpMessageInvoker(handler);
        using var order = new HttpRequestMessage(HttpMethod.Post, "http://simulator/faults")
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(JsonSerializer.Serialize(new { kind = "Delay", delayMs = (int)delay.TotalMilliseconds, message }), Encoding.UTF8, "application/json"),
        };
        using var answer = await invoker.SendAsync(order, ct);
        answer.EnsureSuccessStatusCode();
    }

    // The database is a link when its owner cannot enter the work folder.
    private void RemoveData()
    {
        if (!Directory.Exists(Data)) return;
        if (new DirectoryInfo(Path.Combine(Data, "database")).LinkTarget is { } target && Directory.Exists(target)) Directory.Delete(target, recursive: true);
        Directory.Delete(Data, recursive: true);
    }
}
