using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Stratiform.Agent.Compute;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>
/// The insides of simulated routers. A configuration lasts as long as the boot of the domain it is in, as a router's root is
/// memory. Tests let the next apply fail, a router not answer, a guest take its password.
/// </summary>
public sealed class FakeRouters(FakeHypervisor hypervisor) : IRouterChannel
{
    private readonly ConcurrentDictionary<Guid, (int ProcessId, RouterReport Report)> _routers = new();
    private static readonly string[] Looks = ["dnsmasq", "metadata", "haproxy", "vpn", "interfaces", "filter", "forwarding", "memory", "gateway"];
    private readonly ConcurrentDictionary<(Guid Router, string Name), string> _ills = new();
    private readonly ConcurrentDictionary<Guid, BalancersReport> _counts = new();
    private readonly ConcurrentDictionary<Guid, RouterTraffic> _traffic = new();
    private readonly ConcurrentDictionary<string, TunnelState> _tunnels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, Failure> _failures = new();
    private readonly ConcurrentDictionary<Guid, ImmutableSortedSet<string>> _connections = new();
    private readonly ConcurrentDictionary<Guid, IReadOnlyList<RouterFile>> _files = new();
    private readonly ConcurrentDictionary<Guid, PairState> _pairs = new();

    /// <summary>Whether routers answer at all; false is a guest agent that has not come up.</summary>
    public bool Answer { get; set; } = true;

    /// <inheritdoc/>
    public async Task<RouterReport> EnsureAsync(EnsureRouterConfiguration configuration, CancellationToken ct)
    {
        var id = configuration.RouterId;
        var domain = await hypervisor.ReadAsync(id, ct);
        if (domain.Power != PowerState.Running) throw new HostException(HostErrorCode.NotFound, $"The router {id} does not run here.");
        if (!Answer) throw new HostException(HostErrorCode.Busy, $"The router {id} does not answer yet.");
        var before = Known(domain);
        if (configuration.Generation < before.Generation)
        {
            throw new HostException(HostErrorCode.StaleFence,
                $"The router {id} runs generation {before.Generation}; {configuration.Generation} came too late.");
        }
        var after = _failures.TryGetValue(id, out var failure)
            ? before with { FailedPart = failure.Part, FailedText = failure.Text }
            : before with { Generation = configuration.Generation, FailedPart = "", FailedText = "" };
        if (failure is { Lasts: false }) _failures.TryRemove(id, out _);
        _routers[id] = (domain.ProcessId, after);
        if (after.Generation == configuration.Generation) _files[id] = configuration.Files;
        return after;
    }

    /// <summary>The text of a file of the configuration that a router here has; null without.</summary>
    public string? FileOf(Guid routerId, string path) =>
        _files.TryGetValue(routerId, out var files) && files.FirstOrDefault(f => f.Path == path) is { } file ? Encoding.UTF8.GetString(file.Content) : null;

    /// <inheritdoc/>
    public async Task<RouterReport> ReadAsync(Guid routerId, CancellationToken ct)
    {
        var domain = await hypervisor.ReadAsync(routerId, ct);
        return Answer && domain.Power == PowerState.Running ? Known(domain) : new RouterReport { Answers = false };
    }

    /// <inheritdoc/>
    public async Task<bool> AnswersAsync(Guid routerId, CancellationToken ct) => (await ReadAsync(routerId, ct)).Answers;

    /// <inheritdoc/>
    public async Task<RouterHealth> LookAsync(Guid routerId, CancellationToken ct)
    {
        if ((await ReadAsync(routerId, ct)).Generation == 0) return new RouterHealth { Answers = false };
        return new RouterHealth
        {
            Answers = true,
            Looks = [.. Looks.Select(name => new RouterLook(name, _ills.GetValueOrDefault((routerId, name), "")))],
            Pair = PairOf(routerId),
        };
    }

    /// <inheritdoc/>
    public async Task<Diagnosis> DiagnoseAsync(ReadDiagnosis read, CancellationToken ct)
    {
        var domain = await hypervisor.ReadAsync(read.DomainId, ct);
        if (domain.Power != PowerState.Running) throw new HostException(HostErrorCode.NotFound, $"The system VM {read.DomainId} does not run here.");
        return new(0, string.Join(' ', [read.Probe.ToString().ToLowerInvariant(), .. read.Options, read.Address]) + "\n", "");
    }

    /// <inheritdoc/>
    public async Task<DiagnosticsData> CollectAsync(ReadDiagnosticsData read, CancellationToken ct)
    {
        var domain = await hypervisor.ReadAsync(read.DomainId, ct);
        if (domain.Power != PowerState.Running) throw new HostException(HostErrorCode.NotFound, $"The system VM {read.DomainId} does not run here.");
        using var packed = new MemoryStream();
        await using (var zipped = new GZipStream(packed, CompressionLevel.Fastest))
        await using (var tar = new TarWriter(zipped))
        {
            foreach (var part in read.Parts)
            {
                var text = new MemoryStream(Encoding.UTF8.GetBytes($"{part} of {read.DomainId}\n"));
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "./" + part.TrimStart('/').Replace('/', '_')) { DataStream = text }, ct);
            }
        }
        return new(packed.ToArray());
    }

    /// <inheritdoc/>
    public async Task<BalancersReport> CountAsync(Guid routerId, CancellationToken ct)
    {
        if (!(await ReadAsync(routerId, ct)).Answers) return new BalancersReport { Answers = false };
        return _counts.TryGetValue(routerId, out var counted) ? counted : new BalancersReport { Answers = true };
    }

    /// <summary>The load balancers of this router have counted so much.</summary>
    public void Count(Guid routerId, BalancersReport counted) => _counts[routerId] = counted;

    /// <inheritdoc/>
    public async Task<RouterTraffic> ReadTrafficAsync(Guid routerId, CancellationToken ct)
    {
        if (!(await ReadAsync(routerId, ct)).Answers) return new RouterTraffic { Answers = false };
        return _traffic.TryGetValue(routerId, out var passed) ? passed : new RouterTraffic { Answers = true };
    }

    /// <summary>So much has passed this router.</summary>
    public void Pass(Guid routerId, RouterTraffic passed) => _traffic[routerId] = passed;

    /// <inheritdoc/>
    public async Task<RouterConnections> ReadConnectionsAsync(Guid routerId, CancellationToken ct) => new(
        (await ReadAsync(routerId, ct)).Answers ? Encoding.UTF8.GetBytes(string.Join('\n', ConnectionsOf(routerId))) : null);

    /// <inheritdoc/>
    public async Task AdoptConnectionsAsync(Guid routerId, byte[] packed, CancellationToken ct)
    {
        if ((await ReadAsync(routerId, ct)).Generation == 0) throw new HostException(HostErrorCode.Failed, $"The router {routerId} has no configuration.");
        Track(routerId, Encoding.UTF8.GetString(packed).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The router tracks these connections from now on.</summary>
    public void Track(Guid routerId, params IReadOnlyList<string> connections) => _connections[routerId] = [.. ConnectionsOf(routerId), .. connections];

    /// <summary>The connections that a router tracks.</summary>
    public IReadOnlySet<string> ConnectionsOf(Guid routerId) => _connections.GetValueOrDefault(routerId, []);

    /// <inheritdoc/>
    public async Task<RouterTunnels> TunnelsAsync(Guid routerId, CancellationToken ct)
    {
        if ((await ReadAsync(routerId, ct)).Generation == 0) return new RouterTunnels { Answers = false };
        var connections = _files.GetValueOrDefault(routerId, []).Where(file => file.Path.StartsWith("swanctl/conf.d/", StringComparison.Ordinal));
        return new RouterTunnels { Answers = true, Tunnels = [.. connections.Select(Tunnel)] };
    }

    // Unless a test said otherwise, nobody answers those who begin.
    private RouterTunnel Tunnel(RouterFile file)
    {
        var name = Path.GetFileNameWithoutExtension(file.Path);
        var waits = Encoding.UTF8.GetString(file.Content).Contains("start_action = none", StringComparison.Ordinal);
        return new(name, _tunnels.GetValueOrDefault(name, waits ? TunnelState.Down : TunnelState.Connecting));
    }

    /// <summary>A VPN connection of a router here stands so from now on.</summary>
    public void Tunnel(string name, TunnelState state) => _tunnels[name] = state;

    /// <inheritdoc/>
    public Task YieldAsync(Guid routerId, CancellationToken ct)
    {
        if (PairOf(routerId) == PairState.Primary) Stand(routerId, PairState.Fault);
        return Task.CompletedTask;
    }

    /// <summary>From now on this router of a pair stands so; until it is said, each one serves that has the most priority.</summary>
    public void Stand(Guid routerId, PairState state) => _pairs[routerId] = state;

    private PairState PairOf(Guid routerId)
    {
        if (FileOf(routerId, "pair") is not { } file) return PairState.Alone;
        return _pairs.TryGetValue(routerId, out var state) ? state : file.Contains("priority 254\n", StringComparison.Ordinal) ? PairState.Primary : PairState.Backup;
    }

    /// <summary>Something in this router is not well, or is well again.</summary>
    /// <param name="routerId">Which router.</param>
    /// <param name="name">What of it.</param>
    /// <param name="text">Why; null when it is well again.</param>
    public void Ail(Guid routerId, string name, string? text)
    {
        if (text is null) _ills.TryRemove((routerId, name), out _);
        else _ills[(routerId, name)] = text;
    }

    /// <summary>The next apply in this router fails in the given part.</summary>
    public void FailNext(Guid routerId, string part, string text) => _failures[routerId] = new(part, text, Lasts: false);

    /// <summary>Every apply in this router fails in the given part until it is healed.</summary>
    public void Fail(Guid routerId, string part, string text) => _failures[routerId] = new(part, text, Lasts: true);

    /// <summary>Applies succeed again.</summary>
    public void Heal(Guid routerId) => _failures.TryRemove(routerId, out _);

    /// <summary>A guest has taken the password of this serial.</summary>
    public async Task TakePasswordAsync(Guid routerId, long serial, CancellationToken ct)
    {
        var domain = await hypervisor.ReadAsync(routerId, ct);
        var before = Known(domain);
        _routers[routerId] = (domain.ProcessId, before with { PasswordsTaken = [.. before.PasswordsTaken, serial] });
    }

    /// <summary>Running routers and the generation that each has applied.</summary>
    public async Task<IReadOnlyList<(Guid Router, long Generation)>> ReadAllAsync(CancellationToken ct)
    {
        var domains = await hypervisor.ReadAllAsync(ct);
        return [.. domains.Select(domain => (domain.Report.Id, Known(domain.Report).Generation)).Where(router => router.Generation > 0)];
    }

    private RouterReport Known(DomainReport domain) =>
        _routers.TryGetValue(domain.Id, out var known) && known.ProcessId == domain.ProcessId && domain.ProcessId != 0
            ? known.Report with { Pair = PairOf(domain.Id) }
            : new RouterReport { Answers = true };

    private sealed record Failure(string Part, string Text, bool Lasts);
}
