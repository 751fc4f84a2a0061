using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>What tiers of one VPC must agree about.</summary>
internal static class Tiers
{
    /// <summary>Refuses a tier that overlaps another, in the commit that adds it: who adds one to the VPC later sees it.</summary>
    /// <exception cref="CloudException">One is in the way, and named (537), or the VPC is being deleted (537).</exception>
    public static async Task RequireRoomAsync(DbContext commit, Vpc vpc, Network tier, CancellationToken ct)
    {
        await Vpc.RaiseForChangeAsync(commit, vpc, ct);
        var others = await commit.Set<Network>().AsNoTracking().Where(n => n.VpcId == vpc.Id && n.Id != tier.Id).ToListAsync(ct);
        var cidr = tier.Subnet.Cidr;
        var other = others.Find(n => Ipv4.Overlap(n.Subnet.Cidr, cidr));
        if (other is not null) throw Refusal.Conflict($"The tier {other.Name} of the VPC {vpc.Name} has {other.Subnet.Cidr}, which overlaps {cidr}; choose another range.");
    }
}
