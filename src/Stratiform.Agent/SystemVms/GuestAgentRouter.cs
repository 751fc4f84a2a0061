using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Stratiform.Agent.Compute;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>
/// Configures routers by the program in their image, called through the guest agent: what is missing, take this, apply it. The
/// number of calls does not grow with the configuration.
/// </summary>
public sealed class GuestAgentRouter(Libvirt libvirt, IHypervisor hypervisor, TimeProvider time) : IRouterChannel
{
    private const string Program = "/usr/lib/stratiform/router";
    private const int Older = 3;
    private const int NotApplied = 4;
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
            await SendAsync(guest, configuration, ct);
            var generation = configuration.Generation.ToString(CultureInfo.InvariantCulture);
            var applied = await guest.RunAsync(Program, ["apply", generation], null, ct);
            Note(domain, applied, configuration.Generation);
            return await ReadAsync(guest, domain, ct);
        }
        catch (LibvirtException error)
        {
            throw error.ToHostException();
        }
    }

    /// <inheritdoc/>
    public async Task<RouterReport> ReadAsync(Guid routerId, CancellationToken ct)
    {
        var domain = await hypervisor.ReadAsync(routerId, ct);
        if (domain.Power != PowerState.Running) return new RouterReport { Answers = false };
        try
        {
            return await ReadAsync(new GuestAgent(libvirt, routerId, time), domain, ct);
        }
        catch (LibvirtException)
        {
            // Not up yet, or stuck: to those who ask it is the same.
            return new RouterReport { Answers = false };
        }
    }

    private static async Task SendAsync(GuestAgent guest, EnsureRouterConfiguration configuration, CancellationToken ct)
    {
        var manifest = Encoding.UTF8.GetBytes(RouterManifest.Write(configuration));
        var missing = Require(await guest.RunAsync(Program, ["missing"], manifest, ct), "missing");
        var hashes = missing.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        if (hashes.Count == 0) return;
        var path = $"/run/stratiform/{configuration.Generation}.tar";
        await guest.WriteFileAsync(path, RouterManifest.Pack(configuration, hashes), ct);
        Require(await guest.RunAsync(Program, ["receive", path], null, ct), "receive");
    }

    private static string Require(GuestResult result, string verb) => result.ExitCode == 0
        ? result.Output
        : throw new HostException(HostErrorCode.Failed, $"The router's {verb} ended with {result.ExitCode}: {result.Errors.Trim()}");

    private async Task<RouterReport> ReadAsync(GuestAgent guest, DomainReport domain, CancellationToken ct)
    {
        var status = JsonNode.Parse(Require(await guest.RunAsync(Program, ["status"], null, ct), "status"))!;
        var failure = _failures.TryGetValue(domain.Id, out var known) && known.ProcessId == domain.ProcessId ? known : default;
        return new RouterReport
        {
            Answers = true,
            Generation = (long)status["generation"]!,
            FailedPart = failure.Part ?? "",
            FailedText = failure.Text ?? "",
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
