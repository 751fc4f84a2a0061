using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>
/// What has come and gone, bytes. Who counts begins anew with each boot of a router and each device of a card; the sums here go on from one to the
/// next, and lack what came between the last look and an end.
/// </summary>
public abstract class TrafficSum
{
    // Two routers of a pair take turns, and go on counting where they were.
    private const int Remembered = 4;

    public long ReceivedBytes { get; private set; }
    public long SentBytes { get; private set; }
    public DateTimeOffset LookedAt { get; private set; }

    /// <summary>What those had counted who counted last, as JSON; the newest first.</summary>
    public string Last { get; private set; } = "[]";

    internal void Saw(string counter, long receivedBytes, long sentBytes, DateTimeOffset now)
    {
        var last = JsonSerializer.Deserialize<List<Reading>>(Last)!;
        var before = last.Find(r => r.Counter == counter) ?? new(counter, 0, 0);
        // One that was asked twice at once may have told the later answer first.
        ReceivedBytes += Math.Max(0, receivedBytes - before.ReceivedBytes);
        SentBytes += Math.Max(0, sentBytes - before.SentBytes);
        var others = last.Where(r => r.Counter != counter).Take(Remembered - 1);
        (LookedAt, Last) = (now, JsonSerializer.Serialize<List<Reading>>([new(counter, receivedBytes, sentBytes), .. others]));
    }

    private sealed record Reading(string Counter, long ReceivedBytes, long SentBytes);
}

/// <summary>What has come and gone by a public address since its network or VPC has it.</summary>
public sealed class AddressTraffic : TrafficSum
{
    public required Id<PublicIpAddress> AddressId { get; init; }
    public required Id<RouterScope> ScopeId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<AddressTraffic>
    {
        public void Configure(EntityTypeBuilder<AddressTraffic> entity)
        {
            entity.Property(t => t.Last).HasColumnType("jsonb");
            entity.HasKey(t => new { t.AddressId, t.ScopeId });
            entity.HasOne<PublicIpAddress>().WithMany().HasForeignKey(t => t.AddressId).OnDelete(DeleteBehavior.Cascade);
            entity.HasOne<RouterScope>().WithMany().HasForeignKey(t => t.ScopeId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What guests of a network have received and sent by its router.</summary>
public sealed class GuestTraffic : TrafficSum
{
    public required Id<Network> NetworkId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<GuestTraffic>
    {
        public void Configure(EntityTypeBuilder<GuestTraffic> entity)
        {
            entity.Property(t => t.Last).HasColumnType("jsonb");
            entity.HasKey(t => t.NetworkId);
            entity.HasOne<Network>().WithOne().HasForeignKey<GuestTraffic>(t => t.NetworkId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What a guest has received and sent by a network card.</summary>
public sealed class CardTraffic : TrafficSum
{
    public required Id<Nic> NicId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<CardTraffic>
    {
        public void Configure(EntityTypeBuilder<CardTraffic> entity)
        {
            entity.Property(t => t.Last).HasColumnType("jsonb");
            entity.HasKey(t => t.NicId);
            entity.HasOne<Nic>().WithOne().HasForeignKey<CardTraffic>(t => t.NicId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
