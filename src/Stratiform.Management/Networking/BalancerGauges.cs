using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Telemetry;

namespace Stratiform.Management.Networking;

/// <summary>What load balancers have counted, for collectors.</summary>
internal sealed class BalancerGauges(CloudDb db) : IGauges
{
    public async Task<IReadOnlyList<Gauge>> ReadAsync(CancellationToken ct)
    {
        var sights = await db.Set<BalancerSight>().AsNoTracking().OrderBy(s => s.RuleId).ToListAsync(ct);
        return
        [
            Of("stratiform_balancer_sessions", "Connections that clients of a load balancer have made", s => s.Sessions),
            Of("stratiform_balancer_requests", "Requests that a load balancer has led on; 0 where it passes bytes on", s => s.Requests),
            Of("stratiform_balancer_bytes_in", "Bytes that a load balancer has had from clients", s => s.BytesIn),
            Of("stratiform_balancer_bytes_out", "Bytes that a load balancer has sent to clients", s => s.BytesOut),
            Of("stratiform_balancer_connections", "Connections of clients that are open at a load balancer", s => s.Open),
            Of("stratiform_balancer_members_down", "Members that a load balancer leaves out", s => s.IsUp.Values.Count(isUp => !isUp)),
        ];

        Gauge Of(string name, string description, Func<BalancerSight, long> reading) =>
            new(name, description, [.. sights.Select(s => ($"rule=\"{s.RuleId}\"", (double)reading(s)))]);
    }
}
