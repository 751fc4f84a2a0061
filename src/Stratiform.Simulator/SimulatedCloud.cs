using System.Collections.Concurrent;
using System.Net.Sockets;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Serving;
using Stratiform.Agent.Storage;
using Stratiform.Protocol;

namespace Stratiform.Simulator;

/// <summary>
/// Thousands of hosts in one process behind one listener: host <c>n</c> at <c>/{n}/</c>. Everything but the technologies is the
/// real agent, so what works here differs from a real host only in what QEMU, disks and bridges would do.
/// </summary>
public sealed class SimulatedCloud : IAsyncDisposable
{
    private readonly SimulatorOptions _options;
    private readonly FaultBoard _faults;
    private readonly ITimer _heartbeat;
    private WebApplication? _web;

    private SimulatedCloud(SimulatorOptions options, TimeProvider time)
    {
        _options = options;
        var locks = new FakeDiskLocks();
        Hosts = [.. Enumerable.Range(1, options.Hosts).Select(n => new SimulatedHost(n, options.Seed, Disks, locks, time))];
        _faults = new FaultBoard(Hosts);
        _heartbeat = time.CreateTimer(_ => Beat(), null, options.HeartbeatInterval, options.HeartbeatInterval);
    }

    /// <summary>The hosts in the order of their numbers.</summary>
    public IReadOnlyList<SimulatedHost> Hosts { get; }

    /// <summary>The host with the number, from 1.</summary>
    public SimulatedHost this[int number] => Hosts[number - 1];

    /// <summary>What lies on pools and in stores; pools with the same id share it, as do stores with the same URL.</summary>
    public FakeDisks Disks { get; } = new();

    /// <summary>Where it listens, <c>unix:/path</c> or <c>http://address:port</c>.</summary>
    public string Listen => _options.Listen;

    /// <summary>Runs around each message, before any fault: for tests that act in the middle.</summary>
    public Func<MessageCall, Func<Task>, Task>? Around { get; set; }

    /// <summary>How many messages of each name arrived.</summary>
    public ConcurrentDictionary<string, long> Received { get; } = new(StringComparer.Ordinal);

    internal IReadOnlyList<Fault> Faults => _faults.All;

    /// <summary>Starts the hosts and listens.</summary>
    public static async Task<SimulatedCloud> StartAsync(SimulatorOptions options, TimeProvider time, CancellationToken ct)
    {
        var cloud = new SimulatedCloud(options, time);
        cloud._web = SimulatorServer.Build(cloud, options);
        await cloud._web.StartAsync(ct);
        return cloud;
    }

    /// <summary>Lets something go wrong until it is withdrawn.</summary>
    public OrderedFault Order(Fault fault) => _faults.Order(fault);

    /// <summary>Nothing goes wrong any more.</summary>
    public void WithdrawFaults() => _faults.WithdrawAll();

    /// <summary>Everything that exists on the hosts and pools, one line each, sorted: for finding leaks by comparison.</summary>
    public Task<IReadOnlyList<string>> FootprintAsync(CancellationToken ct) => Footprint.ReadAsync(this, ct);

    /// <summary>A handler for clients of this cloud: HTTP/2 to its listener, whatever host a URL names.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        ConnectCallback = async (_, ct) =>
        {
            var end = ListenAddress.Parse(Listen).ToEndPoint();
            var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(end, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>Stops listening; what was simulated is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        WithdrawFaults();
        foreach (var host in Hosts) host.Agent.Observer.Break();
        await _heartbeat.DisposeAsync();
        if (_web is not null) await _web.DisposeAsync();
    }

    /// <summary>Runs until the process is told to end.</summary>
    internal Task WaitAsync(CancellationToken ct) => _web!.WaitForShutdownAsync(ct);

    internal async Task ServeAsync(HttpContext http, SimulatedHost host, string path)
    {
        var message = path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];
        Received.AddOrUpdate(message, 1, (_, count) => count + 1);
        if (Around is { } around) await around(new MessageCall(host, message), () => ObeyAsync(http, host, path, message));
        else await ObeyAsync(http, host, path, message);
    }

    private async Task ObeyAsync(HttpContext http, SimulatedHost host, string path, string message)
    {
        if (!host.IsAlive)
        {
            http.Abort();
            return;
        }
        var fault = _faults.Strike(host.Number, message);
        if (fault is not null && !await SufferAsync(http, host, fault)) return;
        if (fault?.Fault.Kind == FaultKind.LoseAnswer) http.Response.Body = Stream.Null;
        await AgentEndpoint.ServeAsync(http, host.Agent, path);
        if (fault?.Fault.Kind == FaultKind.LoseAnswer || !host.IsAlive) http.Abort();
    }

    /// <summary>Whether the message is obeyed nevertheless.</summary>
    private static async Task<bool> SufferAsync(HttpContext http, SimulatedHost host, OrderedFault fault) => fault.Fault.Kind switch
    {
        FaultKind.Delay => await DelayAsync(TimeSpan.FromMilliseconds(fault.Fault.DelayMs), http.RequestAborted),
        FaultKind.Refuse => await RefuseAsync(http, new HostError(fault.Fault.Code, fault.Fault.Text)),
        FaultKind.Hold => await HoldAsync(fault, host, http.RequestAborted),
        FaultKind.Disconnect => Disconnect(http),
        FaultKind.Die => Die(http, host),
        FaultKind.LoseAnswer => true,
        FaultKind.FullDisk => true,
    };

    private static async Task<bool> DelayAsync(TimeSpan time, CancellationToken ct)
    {
        await Task.Delay(time, ct);
        return true;
    }

    private static async Task<bool> RefuseAsync(HttpContext http, HostError error)
    {
        await AgentEndpoint.RefuseAsync(http, error, http.RequestAborted);
        return false;
    }

    private static async Task<bool> HoldAsync(OrderedFault fault, SimulatedHost host, CancellationToken ct)
    {
        await fault.Withdrawn.WaitAsync(ct);
        return host.IsAlive;
    }

    private static bool Disconnect(HttpContext http)
    {
        http.Abort();
        return false;
    }

    private static bool Die(HttpContext http, SimulatedHost host)
    {
        host.Die();
        return Disconnect(http);
    }

    private void Beat()
    {
        foreach (var host in Hosts)
        {
            if (host.IsAlive) host.Agent.Observer.Beat();
        }
    }
}
