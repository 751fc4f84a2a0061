using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stratiform.Management;
using Stratiform.Management.Accounts;
using Stratiform.Management.Agents;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Simulator;
using Stratiform.Testing;

namespace Stratiform.Workflows.Tests.Cloud;

/// <summary>
/// The composition of a real server over a database and a simulated cloud of its own, with two engines and no reconcilers:
/// what ends a run is what its workflow did. Each run works in a <see cref="SmallZone"/>, so thousands share one of these.
/// </summary>
public sealed class SimulatedStratiform : IAsyncLifetime
{
    private const int HostCount = 12_000;
    private readonly TestDatabase _database = new();
    private readonly string _socket = Path.Combine(Path.GetTempPath(), $"stratiform-laws-{Id.New<SimulatedStratiform>()}.sock");
    private readonly List<Engine> _engines = [];
    private WebApplication? _server;
    private NpgsqlDataSource? _source;
    private int _lastHost;

    /// <summary>Where faults are ordered and ends are awaited.</summary>
    internal LawProbe Probe { get; private set; } = null!;

    /// <summary>The hosts.</summary>
    internal SimulatedCloud Hosts { get; private set; } = null!;

    /// <summary>What every zone uses.</summary>
    internal Offerings Offerings { get; private set; } = null!;

    internal TimeProvider Clock { get; } = TimeProvider.System;

    internal WorkflowCatalog Catalog => _server!.Services.GetRequiredService<WorkflowCatalog>();

    /// <summary>A scope of the server.</summary>
    internal AsyncServiceScope Scope() => _server!.Services.CreateAsyncScope();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { MaxPoolSize = 60, MaxAutoPrepare = 200 }.ConnectionString);
        var options = new SimulatorOptions { Hosts = HostCount, Listen = "unix:" + _socket, HeartbeatInterval = TimeSpan.FromHours(1) };
        Hosts = await SimulatedCloud.StartAsync(options, Clock, CancellationToken.None);
        Hosts.Disks.PollsOfACopy = 1;
        _server = Build();
        Probe = _server.Services.GetRequiredService<LawProbe>();
        Hosts.Around = Probe.AroundAsync;
        await using (var scope = Scope())
        {
            await scope.ServiceProvider.GetRequiredService<Bootstrap>().FillAsync("laws", CancellationToken.None);
            var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
            Offerings = new(
                new ServiceOffering("small", "small", cpus: 1, cpuMhz: 500, memoryMib: 256, Clock.GetUtcNow()),
                new NetworkOffering("isolated", "isolated", ["Dhcp", "Dns", "Firewall", "Lb", "PortForwarding", "SourceNat", "StaticNat", "UserData"], Clock.GetUtcNow()),
                new NetworkOffering("lasting", "lasting", ["Dhcp", "Dns", "Firewall", "Lb", "PortForwarding", "SourceNat", "StaticNat", "UserData"], Clock.GetUtcNow())
                {
                    IsPersistent = true,
                    State = AllocationState.Enabled,
                },
                new NetworkOffering("twofold", "twofold", ["Dhcp", "Dns", "Firewall", "Lb", "PortForwarding", "SourceNat", "StaticNat", "UserData"], Clock.GetUtcNow()) { IsRedundant = true },
                new NetworkOffering("layer 2", "layer 2", [], Clock.GetUtcNow()) { Type = GuestNetworkType.L2 },
                await db.Set<Domain>().AsNoTracking().SingleAsync(CancellationToken.None));
            db.AddRange(Offerings.Size, Offerings.Network, Offerings.Lasting, Offerings.Twofold, Offerings.Wires);
            await db.SaveChangesAsync(CancellationToken.None);
        }
        await StartEngineAsync("one");
        await StartEngineAsync("two");
    }

    public async Task DisposeAsync()
    {
        foreach (var engine in _engines) await engine.StopAsync(CancellationToken.None);
        if (_server is not null) await _server.DisposeAsync();
        if (Hosts is not null) await Hosts.DisposeAsync();
        if (_source is not null) await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Starts one more engine over the same database.</summary>
    internal async Task<Engine> StartEngineAsync(string owner)
    {
        var services = _server!.Services;
        var engine = new Engine(
            services.GetRequiredService<IServiceScopeFactory>(), Catalog, OptionsOf(owner), Clock,
            services.GetRequiredService<WorkSignal>(), services.GetRequiredService<ILoggerFactory>(), Probe);
        _engines.Add(engine);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }

    /// <summary>Numbers of hosts that nobody used before.</summary>
    internal IReadOnlyList<SimulatedHost> TakeHosts(int count)
    {
        var last = Interlocked.Add(ref _lastHost, count);
        return [.. Enumerable.Range(last - count + 1, count).Select(n => Hosts[n])];
    }

    internal CloudDb Open() => new(new DbContextOptionsBuilder<CloudDb>().UseNpgsql(_source!).Options);

    private static EngineOptions OptionsOf(string owner) => new()
    {
        Owner = owner,
        Slots = 64,
        Lease = TimeSpan.FromSeconds(6),
        Poll = TimeSpan.FromMilliseconds(100),
        FirstPause = TimeSpan.FromMilliseconds(10),
        LongestPause = TimeSpan.FromMilliseconds(100),
    };

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddCloud(new CloudOptions { Engine = OptionsOf("nobody"), Secrets = new Secrets(new byte[32]), Simulator = new Uri("unix://" + _socket) });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new Passwords(rounds: 1));
        builder.Services.AddDbContextPool<CloudDb>(db => db.UseNpgsql(_source!));
        builder.Services.AddSingleton<LawProbe>(provider => new(provider.GetRequiredService<WorkflowCatalog>(), FreeLeaseAsync));
        builder.Services.AddScoped<IAgentProbe, LawAgentProbe>();
        return builder.Build();
    }

    // What the end of a dead engine's lease does, without the wait for it.
    private async Task FreeLeaseAsync(Guid workflow)
    {
        await using var db = Open();
        await db.Database.ExecuteSqlAsync($"UPDATE workflow SET lease_until = NULL WHERE id = {workflow} AND lease_owner IS NOT NULL", CancellationToken.None);
    }
}

/// <summary>What every zone uses.</summary>
/// <param name="Size">Of virtual machines.</param>
/// <param name="Network">Of networks.</param>
/// <param name="Lasting">Of networks that stay without guests.</param>
/// <param name="Wires">Of networks without routers.</param>
/// <param name="Root">The domain of their accounts.</param>
internal sealed record Offerings(ServiceOffering Size, NetworkOffering Network, NetworkOffering Lasting, NetworkOffering Twofold, NetworkOffering Wires, Domain Root);
