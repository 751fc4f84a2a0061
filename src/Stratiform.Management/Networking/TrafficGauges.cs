using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Telemetry;

namespace Stratiform.Management.Networking;

/// <summary>What has come and gone, for collectors.</summary>
internal sealed class TrafficGauges(CloudDb db) : IGauges
{
    public async Task<IReadOnlyList<Gauge>> ReadAsync(CancellationToken ct)
    {
        var addresses = await (
            from sum in db.Set<AddressTraffic>().AsNoTracking()
            join address in db.Set<PublicIpAddress>() on new { Id = sum.AddressId, Scope = (Protocol.Id<RouterScope>?)sum.ScopeId } equals new { address.Id, Scope = address.ScopeId }
            orderby address.Address
            select new { address.Address, Sum = sum }).ToListAsync(ct);
        var networks = await db.Set<GuestTraffic>().AsNoTracking().OrderBy(t => t.NetworkId).ToListAsync(ct);
        return
        [
            .. Of("address", "a public address", [.. addresses.Select(a => ($"address=\"{a.Address}\"", (TrafficSum)a.Sum))]),
            .. Of("network", "guests of a network through its router", [.. networks.Select(n => ($"network=\"{n.NetworkId}\"", (TrafficSum)n))]),
        ];
    }

    private static IEnumerable<Gauge> Of(string kind, string whose, IReadOnlyList<(string Labels, TrafficSum Sum)> sums) =>
    [
        new($"stratiform_{kind}_received_bytes", $"Bytes received by {whose}", [.. sums.Select(s => (s.Labels, (double)s.Sum.ReceivedBytes))]),
        new($"stratiform_{kind}_sent_bytes", $"Bytes sent by {whose}", [.. sums.Select(s => (s.Labels, (double)s.Sum.SentBytes))]),
    ];
}
