using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Stratiform.Agent.Compute;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>
/// Configures routers by the program in their image, called through the guest agent. One call takes and applies a configuration
/// and tells what the router runs; where guests' files are many, a first one asks which of them the router lacks.
/// </summary>
public sealed class GuestAgentRouter(Libvirt libvirt, IHypervisor hypervisor, TimeProvider time) : IRouterChannel
{
    private const string Program = "/usr/lib/stratiform/router";
    private const string Prober = "/usr/lib/stratiform/diagnose";
    private const string Collector = "/usr/lib/stratiform/collect";
    private const int NotConfigured = 2;
    private const int Older = 3;
    private const int NotApplied = 4;
    private const int FilesMissing = 5;

    /// <summary>Guests' files up to this are sent unasked: sending them costs less than a call.</summary>
    private const int SmallBytes = 64 << 10;

    // Who asks waits for it: one that boots is told to be up when it is, and not when it is asked about next.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Guid, (int ProcessId, string Part, string Text)> _failures = new();

    /// <inheritdoc/>
    public async Task<RouterReport> EnsureAsync(EnsureRouterConfiguration configuration, CancellationToken ct)
    {
        var id = configuration.RouterId;
        var domain = await hypervisor.ReadAsync(id, ct);
        if (domain.Power != PowerState.Running) throw new HostException(HostErrorCode.NotFound, $"The router {id} does not run here.");
        try
        {
            var guest = new GuestAgent(libvirt, id, time);
            var applied = await ApplyAsync(guest, configuration, ct);
            Note(domain, applied, configuration.Generation);
            return Report(domain, applied.Output);
        }
        catch (LibvirtException error)
        {
            throw error.ToHostException();
        }
    }

    /// <inheritdoc/>
    public async Task<RouterReport> ReadAsync(Guid routerId, CancellationToken ct) =>
        await WhenItAnswersAsync(routerId, async domain => await AskAsync(domain, "status", ct) is { } status ? Report(domain, Require(status, "status")) : null, ct)
        ?? new RouterReport { Answers = false };

    /// <inheritdoc/>
    public async Task<bool> AnswersAsync(Guid routerId, CancellationToken ct) =>
        await WhenItAnswersAsync<object>(routerId, async domain => await AnswersAsync(domain, ct) ? domain : null, ct) is not null;

    // Null when it has not answered in all that time.
    private async Task<TAnswer?> WhenItAnswersAsync<TAnswer>(Guid routerId, Func<DomainReport, Task<TAnswer?>> ask, CancellationToken ct)
        where TAnswer : class
    {
        for (var began = time.GetTimestamp(); ; await Task.Delay(Glance, time, ct))
        {
            var domain = await hypervisor.ReadAsync(routerId, ct);
            if (await ask(domain) is { } answer) return answer;
            if (domain.Power != PowerState.Running || time.GetElapsedTime(began) > Patience) return null;
        }
    }

    /// <inheritdoc/>
    public async Task<RouterHealth> LookAsync(Guid routerId, CancellationToken ct)
    {
        var looked = await AskAsync(await hypervisor.ReadAsync(routerId, ct), "look", ct);
        if (looked is null or { ExitCode: NotConfigured }) return new RouterHealth { Answers = false };
        var told = JsonNode.Parse(Require(looked, "look"))!;
        return new RouterHealth
        {
            Answers = true,
            Looks = [.. told["looks"]!.AsArray().Select(look => new RouterLook((string)look!["look"]!, (string)look["text"]!))],
            Pair = RouterStatistics.Pair(told),
        };
    }

    /// <inheritdoc/>
    public async Task<Diagnosis> DiagnoseAsync(ReadDiagnosis read, CancellationToken ct)
    {
        var probed = await RunInsideAsync(read.DomainId, Prober, [read.Probe.ToString().ToLowerInvariant(), read.Address, .. read.Options], ct);
        return new(probed.ExitCode, probed.Output, probed.Errors);
    }

    /// <inheritdoc/>
    public async Task<DiagnosticsData> CollectAsync(ReadDiagnosticsData read, CancellationToken ct)
    {
        var collected = await RunInsideAsync(read.DomainId, Collector, read.Parts, ct);
        if (collected.ExitCode != 0) throw new HostException(HostErrorCode.Failed, $"Collecting ended with {collected.ExitCode}: {collected.Errors.Trim()}");
        return collected.Bytes.Length <= ReadDiagnosticsData.MostBytes ? new(collected.Bytes)
            : throw new HostException(HostErrorCode.Failed, $"What was collected is too large ({collected.Bytes.Length} bytes); ask for fewer parts.");
    }

    private async Task<GuestResult> RunInsideAsync(Guid domainId, string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var domain = await hypervisor.ReadAsync(domainId, ct);
        if (domain.Power != PowerState.Running) throw new HostException(HostErrorCode.NotFound, $"The system VM {domainId} does not run here.");
        try
        {
            return await new GuestAgent(libvirt, domainId, time).RunAsync(program, arguments, null, ct);
        }
        catch (LibvirtException error)
        {
            throw error.ToHostException();
        }
    }

    /// <inheritdoc/>
    public async Task<RouterConnections> ReadConnectionsAsync(Guid routerId, CancellationToken ct)
    {
        var told = await AskAsync(await hypervisor.ReadAsync(routerId, ct), "connections", ct);
        return new RouterConnections(told is { ExitCode: 0 } ? told.Bytes : null);
    }

    /// <inheritdoc/>
    public async Task AdoptConnectionsAsync(Guid routerId, byte[] packed, CancellationToken ct)
    {
        try
        {
            Require(await SendAsync(new GuestAgent(libvirt, routerId, time), "adopt", packed, ct), "adopt");
        }
        catch (LibvirtException error)
        {
            throw error.ToHostException();
        }
    }

    /// <inheritdoc/>
    public async Task YieldAsync(Guid routerId, CancellationToken ct) => await AskAsync(await hypervisor.ReadAsync(routerId, ct), "yield", ct);

    /// <inheritdoc/>
    public async Task<BalancersReport> CountAsync(Guid routerId, CancellationToken ct) =>
        await AskAsync(await hypervisor.ReadAsync(routerId, ct), "balancers", ct) is { } counted
            ? RouterStatistics.Read(Require(counted, "balancers"))
            : new BalancersReport { Answers = false };

    /// <inheritdoc/>
    public async Task<RouterTraffic> ReadTrafficAsync(Guid routerId, CancellationToken ct) =>
        await AskAsync(await hypervisor.ReadAsync(routerId, ct), "traffic", ct) is { } counted
            ? RouterStatistics.Traffic(Require(counted, "traffic"))
            : new RouterTraffic { Answers = false };

    /// <inheritdoc/>
    public async Task<RouterTunnels> TunnelsAsync(Guid routerId, CancellationToken ct)
    {
        var told = await AskAsync(await hypervisor.ReadAsync(routerId, ct), "tunnels", ct);
        return told is null or { ExitCode: NotConfigured } ? new RouterTunnels { Answers = false } : RouterStatistics.Tunnels(Require(told, "tunnels"));
    }

    private async Task<bool> AnswersAsync(DomainReport router, CancellationToken ct)
    {
        if (router.Power != PowerState.Running) return false;
        try
        {
            await new GuestAgent(libvirt, router.Id, time).PingAsync(ct);
            return true;
        }
        catch (LibvirtException)
        {
            return false;
        }
    }

    private async Task<GuestResult?> AskAsync(DomainReport router, string verb, CancellationToken ct)
    {
        if (router.Power != PowerState.Running) return null;
        try
        {
            return await new GuestAgent(libvirt, router.Id, time).RunAsync(Program, [verb], null, ct);
        }
        catch (LibvirtException)
        {
            // Not up yet, or stuck: to those who ask it is the same.
            return null;
        }
    }

    private static async Task<GuestResult> ApplyAsync(GuestAgent guest, EnsureRouterConfiguration configuration, CancellationToken ct)
    {
        var manifest = new RouterManifest(configuration);
        var applied = await SendAsync(guest, "apply", manifest.Pack(manifest.GuestsBytes <= SmallBytes ? null : new HashSet<string>()), ct);
        if (applied.ExitCode != FilesMissing) return applied;
        var missing = JsonNode.Parse(applied.Output)!["missing"]!.AsArray().Select(hash => (string)hash!);
        return await SendAsync(guest, "apply", manifest.Pack(missing.ToHashSet(StringComparer.Ordinal)), ct);
    }

    private static async Task<GuestResult> SendAsync(GuestAgent guest, string verb, byte[] packed, CancellationToken ct)
    {
        if (packed.Length <= GuestAgent.ChunkBytes) return await guest.RunAsync(Program, [verb], packed, ct);
        var path = $"/run/stratiform/{Guid.CreateVersion7():N}";
        await guest.WriteFileAsync(path, packed, ct);
        return await guest.RunAsync(Program, [verb, path], null, ct);
    }

    private static string Require(GuestResult result, string verb) => result.ExitCode == 0
        ? result.Output
        : throw new HostException(HostErrorCode.Failed, $"The router's {verb} ended with {result.ExitCode}: {result.Errors.Trim()}");

    private RouterReport Report(DomainReport domain, string answer)
    {
        var status = JsonNode.Parse(answer)!;
        var failure = _failures.TryGetValue(domain.Id, out var known) && known.ProcessId == domain.ProcessId ? known : default;
        return new RouterReport
        {
            Answers = true,
            Generation = (long)status["generation"]!,
            FailedPart = failure.Part ?? "",
            FailedText = failure.Text ?? "",
            Pair = RouterStatistics.Pair(status),
            PasswordsTaken = [.. status["passwords_taken"]!.AsArray().Select(serial => (long)serial!)],
        };
    }

    private void Note(DomainReport domain, GuestResult applied, long generation)
    {
        switch (applied.ExitCode)
        {
            case 0:
                _failures.TryRemove(domain.Id, out _);
                break;
            case Older:
                throw new HostException(HostErrorCode.StaleFence, $"The router {domain.Id} runs a later generation than {generation}.");
            case NotApplied:
                var failure = JsonNode.Parse(applied.Output)!;
                _failures[domain.Id] = (domain.ProcessId, (string)failure["failed"]!, (string)failure["text"]!);
                break;
            default:
                Require(applied, "apply");
                break;
        }
    }
}
