using System.Globalization;
using Stratiform.Management.Api;

namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>
/// Chooses a host: filters leave out what cannot take the guest, scorers rank the rest, each in a file of its own.
/// </summary>
/// <remarks>
/// The planner decides on what <see cref="HostRoom"/> knew a moment ago; the reservation, which runs in the step's commit and
/// checks again, is the arbiter. Who loses that race takes the step again and chooses anew. So planning needs no lock and
/// reads no row, however many hosts there are.
///
/// A refusal counts what each filter refused, in the order of the filters and each host once: an operator sees at a glance
/// whether hosts are down, full or merely untagged. It names no host, since tenants read it too.
/// </remarks>
public sealed class Planner(HostRoom room, IEnumerable<IHostFilter> filters, IEnumerable<IHostScorer> scorers, Random random)
{
    // Among the best few chance decides, so that many plans made at once do not fall on the same host; the more hosts, the more plans.
    private const int BestFew = 4;
    private const int HostsForOneOfThem = 40;

    private readonly IHostFilter[] _filters = [.. filters];
    private readonly IHostScorer[] _scorers = [.. scorers];

    /// <summary>The host that should take the guest.</summary>
    /// <exception cref="Workflows.CloudException">None can (533); the text counts why.</exception>
    public async Task<HostCandidate> ChooseAsync(PlacementRequest request, CancellationToken ct)
    {
        var hosts = await room.OfAsync(request.ZoneId, ct);
        var refused = new int[_filters.Length];
        var possible = new List<(double Score, HostCandidate Host)>();
        foreach (var host in hosts)
        {
            var against = Array.FindIndex(_filters, f => !f.Accepts(host, request));
            if (against >= 0) refused[against]++;
            else possible.Add((_scorers.Sum(s => s.Score(host, request)), host));
        }
        if (possible.Count == 0) throw Refusal.Capacity(Explain(request, hosts.Count, refused));
        possible.Sort((a, b) => b.Score.CompareTo(a.Score));
        if (request.LastHost is { } last && possible[0].Host.Id == last) return possible[0].Host;
        var few = Math.Max(BestFew, possible.Count / HostsForOneOfThem);
        return possible[random.Next(Math.Min(few, possible.Count))].Host;
    }

    /// <summary>Whether any host could take the guest now.</summary>
    public async Task<bool> HasRoomAsync(PlacementRequest request, CancellationToken ct) =>
        (await room.OfAsync(request.ZoneId, ct)).Any(host => _filters.All(f => f.Accepts(host, request)));

    private string Explain(PlacementRequest request, int hosts, int[] refused)
    {
        if (hosts == 0) return "The zone has no hosts yet; an operator adds them with addHost.";
        var reasons = _filters.Zip(refused).Where(r => r.Second > 0)
            .Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Second} {r.First.Refused(request)}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"None of {hosts} hosts can take it: {string.Join(", ", reasons)}. Ask for less, free some, or add hosts.");
    }
}
