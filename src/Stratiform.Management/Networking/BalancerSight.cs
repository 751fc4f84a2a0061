using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>
/// What a load balancer has counted, and how it finds its members. A router counts from each of its boots on; the sums here go on from one
/// to the next, and lack what came between the last look at a router and its end.
/// </summary>
public sealed class BalancerSight
{
    public required Id<NetworkRule> RuleId { get; init; }
    public DateTimeOffset LookedAt { get; private set; }

    /// <summary>Connections of clients, since the load balancer exists.</summary>
    public long Sessions { get; private set; }

    /// <summary>Requests in them; 0 where it passes bytes on.</summary>
    public long Requests { get; private set; }

    public long BytesIn { get; private set; }
    public long BytesOut { get; private set; }

    /// <summary>Connections that were open.</summary>
    public int Open { get; private set; }

    /// <summary>The boot that counted last, and what it had counted, as JSON.</summary>
    public string Last { get; private set; } = "{}";

    /// <summary>Whether members get anything, by their cards, as JSON.</summary>
    public string Members { get; private set; } = "{}";

    /// <summary>Whether members get anything, by their cards; those that have not been asked yet are missing.</summary>
    public IReadOnlyDictionary<Guid, bool> IsUp => JsonSerializer.Deserialize<Dictionary<Guid, bool>>(Members)!;

    internal void Saw(Guid boot, BalancerCount count, IEnumerable<MemberLook> members, DateTimeOffset now)
    {
        var last = JsonSerializer.Deserialize<Reading>(Last);
        var from = last?.Boot == boot ? last.Count : new BalancerCount(count.RuleId, 0, 0, 0, 0, 0);
        Sessions += Since(from.Sessions, count.Sessions);
        Requests += Since(from.Requests, count.Requests);
        BytesIn += Since(from.BytesIn, count.BytesIn);
        BytesOut += Since(from.BytesOut, count.BytesOut);
        (LookedAt, Open, Last) = (now, count.Open, JsonSerializer.Serialize(new Reading(boot, count)));
        var before = IsUp;
        var known = members.Select(m => (m.MemberId, IsUp: m.IsUp ?? (before.TryGetValue(m.MemberId, out var isUp) ? isUp : null)));
        Members = JsonSerializer.Serialize(known.Where(m => m.IsUp is not null).ToDictionary(m => m.MemberId, m => m.IsUp));
    }

    // A router that was asked twice at once may have told the later answer first.
    private static long Since(long from, long now) => Math.Max(0, now - from);

    private sealed record Reading(Guid Boot, BalancerCount Count);

    internal sealed class Mapping : IEntityTypeConfiguration<BalancerSight>
    {
        public void Configure(EntityTypeBuilder<BalancerSight> entity)
        {
            entity.HasKey(s => s.RuleId);
            entity.Ignore(s => s.IsUp);
            entity.Property(s => s.Last).HasColumnType("jsonb");
            entity.Property(s => s.Members).HasColumnType("jsonb");
            entity.HasOne<LoadBalancer>().WithOne().HasForeignKey<BalancerSight>(s => s.RuleId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
