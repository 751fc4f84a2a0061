using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>
/// A network's range of which guests get a part; the rest is for machines that the cloud does not know. The router's network stays the
/// whole range, so they reach each other.
/// </summary>
internal static class GuestRanges
{
    /// <summary>The part that guests are to have from now on; null for all of the range.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">The network has no such part, or none that anybody could be in (431).</exception>
    public static IPNetwork? Read(Network network, string text)
    {
        if (!network.IsRouted || network.IsShared)
            throw Refusal.Parameter($"guestvmcidr is of isolated networks; guests of {network.Name} have {(network.IsShared ? "what was said when it was made (startip, endip)" : "what they like")}.");
        var part = WireRules.Cidrs([text], "guestvmcidr")[0];
        var cidr = network.Subnet.Cidr;
        if (part == cidr) return null;
        if (part.PrefixLength < cidr.PrefixLength || !cidr.Contains(part.BaseAddress)) throw Refusal.Parameter($"{part} is no part of the network {network.Name} ({cidr}).");
        var (first, last) = Ipv4.HostsOf(cidr);
        (first, last) = Within(part, first, last - 1);
        var gateway = Ipv4.NumberOf(network.Subnet.Gateway);
        var room = (long)last - first + 1 - (gateway >= first && gateway <= last ? 1 : 0);
        return room > 0 ? part : throw Refusal.Parameter($"{part} has no address for guests; use a larger part of {cidr}.");
    }

    /// <summary>Refuses a part while somebody is in the rest, in the commit that says it: who takes an address later sees it.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">Somebody is (537).</exception>
    public static async Task RequireAllWithinAsync(DbContext commit, Network network, CancellationToken ct)
    {
        var (first, last) = network.Given;
        // Two routers may have theirs anywhere.
        var routers = commit.Set<RouterCard>().Where(c => c.NetworkId == network.Id && c.Ip != null).Select(c => c.Ip!.Value);
        var taken = await Addresses.Taken(commit, network.Id).Except(routers).ToListAsync(ct);
        var outside = taken.Where(ip => ip.Number < first || ip.Number > last).Order().ToList();
        if (outside.Count > 0)
        {
            throw Refusal.Conflict($"{string.Join(", ", outside.Take(5))}{(outside.Count > 5 ? " and others" : "")} of {network.Name} would be outside of {network.GuestCidr}; "
                + "give these guests other addresses first (updateVmNicIp), or use a larger part.");
        }
    }

    /// <summary>The addresses from first to last that lie in the part.</summary>
    public static (uint First, uint Last) Within(IPNetwork part, uint first, uint last)
    {
        var start = Ipv4.NumberOf(part.BaseAddress);
        return (Math.Max(first, start), Math.Min(last, start | ~Ipv4.NumberOf(Ipv4.MaskOf(part.PrefixLength))));
    }

    /// <summary>What guests do not have, such as <c>10.1.1.0-10.1.1.127</c>; null where they have all.</summary>
    public static string? Reserved(Network network)
    {
        if (network is not { GuestCidr: { } part, Cidr: { } cidr }) return null;
        var (all, given) = (Within(cidr, 0, uint.MaxValue), Within(part, 0, uint.MaxValue));
        var ranges = new List<string>();
        if (all.First < given.First) ranges.Add($"{Ipv4.AddressOf(all.First)}-{Ipv4.AddressOf(given.First - 1)}");
        if (given.Last < all.Last) ranges.Add($"{Ipv4.AddressOf(given.Last + 1)}-{Ipv4.AddressOf(all.Last)}");
        return string.Join(", ", ranges);
    }
}
