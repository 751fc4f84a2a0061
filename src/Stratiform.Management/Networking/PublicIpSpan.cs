using System.Globalization;
using System.Net;
using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>A range of public addresses as an operator says it.</summary>
/// <param name="Gateway">The next hop of its addresses.</param>
/// <param name="Netmask">Mask of their network.</param>
/// <param name="Start">First address.</param>
/// <param name="End">Last address.</param>
/// <param name="Vlan">The VLAN of the public wires; null for untagged.</param>
internal sealed record PublicIpSpan(IPAddress Gateway, IPAddress Netmask, IPAddress Start, IPAddress End, int? Vlan)
{
    /// <summary>As clients send it.</summary>
    /// <param name="gateway">The next hop.</param>
    /// <param name="netmask">Mask of its network.</param>
    /// <param name="startIp">First address.</param>
    /// <param name="endIp">Last address; null for the first.</param>
    /// <param name="vlan">The VLAN; null for untagged.</param>
    /// <param name="most">How many addresses it may have.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">These do not go together, or there is no such VLAN (431).</exception>
    public static PublicIpSpan Require(string gateway, string netmask, string startIp, string? endIp, string? vlan, int most)
    {
        var tag = VlanOf(vlan);
        var (hop, prefix) = (WireIp.Require(gateway, "gateway"), WireIp.RequireMask(netmask, "netmask"));
        var start = WireIp.Require(startIp, "startip");
        var end = WireIp.Optional(endIp, "endip") ?? start;
        var network = Ipv4.NetworkOf(hop, prefix);
        var (first, last) = (Ipv4.NumberOf(start), Ipv4.NumberOf(end));
        if (last < first) throw Refusal.Parameter("endip lies before startip.");
        if (last - first >= most) throw Refusal.Parameter(string.Create(CultureInfo.InvariantCulture, $"A range has at most {most} addresses; add several."));
        if (!network.Contains(start) || !network.Contains(end)) throw Refusal.Parameter($"The range does not lie in {network}, the network of its gateway.");
        return first <= Ipv4.NumberOf(hop) && Ipv4.NumberOf(hop) <= last ? throw Refusal.Parameter($"The range contains its own gateway {hop}.")
            : new(hop, Ipv4.MaskOf(prefix), start, end, tag);
    }

    /// <summary>The VLAN of a parameter; null for untagged.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is neither (431).</exception>
    public static int? VlanOf(string? text)
    {
        if (text is null) return null;
        var number = text.StartsWith("vlan://", StringComparison.OrdinalIgnoreCase) ? text["vlan://".Length..] : text;
        if (number.Equals("untagged", StringComparison.OrdinalIgnoreCase)) return null;
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var vlan) && vlan is >= 1 and <= 4094 ? vlan
            : throw Refusal.Parameter($"vlan {text}: give untagged, or the number of a VLAN, 1 to 4094.");
    }
}
