using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>What networks may give to guests.</summary>
internal static class GivenAddresses
{
    /// <summary>First and last of each of the network's ranges.</summary>
    public static async Task<IReadOnlyList<(uint First, uint Last)>> OfAsync(DbContext db, Network network, CancellationToken ct) => !network.IsShared ? [network.Given]
        : [.. (await RangesAsync(db, network.Id, ct)).Select(r => (r.StartIp.Number, r.EndIp.Number))];

    /// <summary>As the other one, to be read.</summary>
    public static string Shown(IEnumerable<(uint First, uint Last)> ranges) =>
        string.Join(", ", ranges.Select(r => $"{Ipv4.AddressOf(r.First)} to {Ipv4.AddressOf(r.Last)}"));

    /// <summary>Whether one of these ranges has the address.</summary>
    public static bool Have(this IEnumerable<(uint First, uint Last)> ranges, Ipv4Address ip) => ranges.Any(r => r.First <= ip.Number && ip.Number <= r.Last);

    /// <summary>Whether the network may give the address now; one without a range of its own, such as one beside VPCs, may give any.</summary>
    public static async Task<bool> HaveAsync(DbContext db, Id<Network> network, Ipv4Address ip, CancellationToken ct)
    {
        var of = await db.Set<Network>().Where(n => n.Id == network).Select(n => new { HasRanges = n.IsShared && n.Cidr != null, n.GuestCidr }).SingleAsync(ct);
        return of.HasRanges
            ? await db.Set<SharedIpRange>().AnyAsync(r => r.NetworkId == network && r.StartIp <= ip && r.EndIp >= ip, ct)
            : of.GuestCidr?.Contains(ip.ToIPAddress()) != false;
    }

    /// <summary>In a commit: refuses a range that shares addresses with another one of its network. Others who add one or take an address wait for it.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does (431); the text names the other one.</exception>
    public static async Task RequireApartAsync(DbContext commit, SharedIpRange range, CancellationToken ct)
    {
        await HoldAsync(commit, range.NetworkId, ct);
        if ((await RangesAsync(commit, range.NetworkId, ct)).FirstOrDefault(r => r.Id != range.Id && r.StartIp <= range.EndIp && range.StartIp <= r.EndIp) is { } other)
            throw Refusal.Parameter($"The network has the range {other.StartIp} to {other.EndIp} already; choose other addresses (listVlanIpRanges networkid).");
    }

    /// <summary>In a commit: refuses to take a range away of which somebody has an address.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">Somebody has (536).</exception>
    public static async Task RequireUnusedAsync(DbContext commit, SharedIpRange range, CancellationToken ct)
    {
        await HoldAsync(commit, range.NetworkId, ct);
        var used = (await Addresses.Taken(commit, range.NetworkId).ToListAsync(ct)).Where(range.Has).Order().ToList();
        if (used.Count > 0)
            throw Refusal.InUse($"Somebody has {used.Count} of the addresses {range.StartIp} to {range.EndIp}, {used[0]} among them; remove those virtual machines, or take other ranges away.");
        if (!(await RangesAsync(commit, range.NetworkId, ct)).Any(r => r.Id != range.Id))
            throw Refusal.InUse($"The range {range.StartIp} to {range.EndIp} is the last one of its network; add another one first (createVlanIpRange), or delete the network (deleteNetwork).");
    }

    private static Task<List<SharedIpRange>> RangesAsync(DbContext db, Id<Network> network, CancellationToken ct) =>
        db.Set<SharedIpRange>().AsNoTracking().Where(r => r.NetworkId == network).OrderBy(r => r.StartIp).ToListAsync(ct);

    private static async Task HoldAsync(DbContext commit, Id<Network> network, CancellationToken ct)
    {
        var id = network.Value;
        await commit.Database.ExecuteSqlAsync($"SELECT FROM network WHERE id = {id} FOR NO KEY UPDATE", ct);
    }
}
