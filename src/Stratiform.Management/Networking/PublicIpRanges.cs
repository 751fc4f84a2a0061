using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Ranges of public addresses, none of which any zone has twice.</summary>
internal static class PublicIpRanges
{
    /// <summary>The range of a parameter: one of a zone, or a portable one.</summary>
    /// <exception cref="CloudException">There is none of that kind (431).</exception>
    public static async Task<PublicIpRange> FindRangeAsync(this CloudDb db, Caller caller, Id<PublicIpRange> id, bool isPortable, CancellationToken ct)
    {
        var range = await db.FindAsync(caller, id, ct);
        return range.IsPortable == isPortable ? range : throw Visibility.Unknown(caller, nameof(id), id);
    }

    /// <summary>Adds a range with its addresses, which nobody else adds at the same time.</summary>
    /// <exception cref="CloudException">Another range has one of them (431).</exception>
    public static async Task AddApartAsync(this CloudDb db, PublicIpRange range, CommandCommit commit, CancellationToken ct)
    {
        await RequireApartAsync(db, range, ct);
        db.Add(range);
        var (first, last) = (Ipv4.NumberOf(range.StartIp), Ipv4.NumberOf(range.EndIp));
        db.AddRange(Enumerable.Range(0, (int)(last - first) + 1).Select(i => new PublicIpAddress(range, new(first + (uint)i))));
        commit.Add((into, token) => ClaimAsync(into, range, token));
    }

    /// <summary>The physical network by which routers of a zone reach the outside; null for none.</summary>
    public static Task<PhysicalNetwork?> PublicWiresAsync(this CloudDb db, Id<Zone> zone, CancellationToken ct) => db.Set<PhysicalNetwork>()
        .Where(n => n.ZoneId == zone && db.Set<NetworkTraffic>().Any(t => t.PhysicalNetworkId == n.Id && t.Traffic == TrafficType.Public))
        .OrderBy(n => n.Id).FirstOrDefaultAsync(ct);

    // The row of this cloud's region lets those who add ranges pass one after the other.
    private static async Task ClaimAsync(DbContext commit, PublicIpRange range, CancellationToken ct)
    {
        var region = Region.Local;
        await commit.Database.ExecuteSqlAsync($"SELECT FROM region WHERE id = {region} FOR NO KEY UPDATE", ct);
        await RequireApartAsync(commit, range, ct);
    }

    // Portable addresses may come to any zone, so they are apart from those of all.
    private static async Task RequireApartAsync(DbContext db, PublicIpRange range, CancellationToken ct)
    {
        var others = db.Set<PublicIpRange>().AsNoTracking().Where(r => r.Id != range.Id);
        if (range.ZoneId is { } zone) others = others.Where(r => r.ZoneId == null || r.ZoneId == zone);
        var there = await others.OrderBy(r => r.Id).ToListAsync(ct);
        if (there.Find(range.Overlaps) is not { } other)
        {
            if (there.Find(r => !range.GoesWith(r)) is { } near) throw await ApartAsync(db, range, near, ct);
            return;
        }
        var common = new Ipv4Address(Math.Max(Ipv4.NumberOf(range.StartIp), Ipv4.NumberOf(other.StartIp)));
        throw Refusal.Parameter(
            other.IsPortable ? $"The address {common} is in the portable range {other.StartIp} to {other.EndIp}; choose others (listPortableIpRanges)."
            : other.ZoneId == range.ZoneId ? $"The address {common} is in another range of the zone; choose others (listVlanIpRanges)."
            : $"The address {common} is in the range {other.StartIp} to {other.EndIp} of the zone {await ZoneNameAsync(db, other, ct)}; choose others (listVlanIpRanges).");
    }

    // A router has one way to each network, and one out of it.
    private static async Task<CloudException> ApartAsync(DbContext db, PublicIpRange range, PublicIpRange near, CancellationToken ct)
    {
        var whose = near.IsPortable ? "the portable range" : near.ZoneId == range.ZoneId ? "the range" : $"the zone {await ZoneNameAsync(db, near, ct)}'s range";
        return Refusal.Parameter(
            $"The network {range.Network} overlaps {near.Network} on {near.Wires}, where {whose} {near.StartIp} to {near.EndIp} leaves by {near.Gateway}; "
            + $"to add to that one give gateway={near.Gateway}, netmask={near.Netmask} and vlan={near.Vlan?.ToString(CultureInfo.InvariantCulture) ?? "untagged"}, or choose another network.");
    }

    private static Task<string> ZoneNameAsync(DbContext db, PublicIpRange range, CancellationToken ct) =>
        db.Set<Zone>().IgnoreQueryFilters().Where(z => z.Id == range.ZoneId).Select(z => z.Name).SingleAsync(ct);
}
