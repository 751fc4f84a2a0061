using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Networking;

/// <summary>How large packets may be, of guests and of what routers send to the public network, and who says so.</summary>
internal static class Mtus
{
    // Every host on the internet takes as much (RFC 791).
    private const int Least = 576;

    // What wires with jumbo frames carry, less the wrapping of a VXLAN.
    private const int Jumbo = 9000;

    public static readonly Setting<int> MostPrivate = new(
        "vr.private.interface.max.mtu", HostNetworks.Mtu, "Largest packet that a network can be given, bytes; the hosts' wires for guests carry 50 more")
    {
        Within = (Least, Jumbo),
        Group = "Network",
        Subgroup = "Virtual Router",
    };

    public static readonly Setting<int> MostPublic = new(
        "vr.public.interface.max.mtu", HostNetworks.Mtu, "Largest packet that routers can be told to send to the public network, bytes")
    {
        Within = (Least, HostNetworks.Mtu),
        Group = "Network",
        Subgroup = "Virtual Router",
    };

    public static readonly Setting<bool> UsersChoose = new(
        "allow.end.users.to.specify.vr.mtu", false, "Lets users and domain administrators say how large the packets of their networks are, up to the maxima")
    {
        Group = "Network",
        Subgroup = "Virtual Router",
    };

    /// <summary>The largest packet of a network's guests; null where nothing is said.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">The caller may not say it (431), or it is too small or too large (431).</exception>
    public static int? Private(LiveSettings settings, Caller caller, int? said) => Read(settings, caller, said, "privatemtu", MostPrivate);

    /// <summary>The largest packet that a router sends to the public network; null where nothing is said.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">The caller may not say it (431), or it is too small or too large (431).</exception>
    public static int? Public(LiveSettings settings, Caller caller, int? said) => Read(settings, caller, said, "publicmtu", MostPublic);

    /// <summary>That of networks for which nobody says one.</summary>
    public static int Usual(LiveSettings settings) => Math.Min(HostNetworks.Mtu, settings.Get(MostPrivate));

    /// <summary>That of routers for which nobody says one.</summary>
    public static int UsualPublic(LiveSettings settings) => settings.Get(MostPublic);

    /// <summary>Refuses to say for one network what its router does not have for itself.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is a tier, or has no way out of its own (431).</exception>
    public static void RequireOwnWayOut(Network network)
    {
        if (network.VpcId is not null) throw Refusal.Parameter("Tiers go out by the router of their VPC; give publicmtu to createVPC or updateVPC.");
        if (network.ScopeId is null || network.IsShared) throw Refusal.Parameter($"The network {network.Name} has no router that goes out; leave publicmtu out.");
    }

    private static int? Read(LiveSettings settings, Caller caller, int? said, string parameter, Setting<int> most)
    {
        if (said is not { } mtu) return null;
        if (!caller.IsRootAdmin && !settings.Get(UsersChoose))
            throw Refusal.Parameter($"The cloud's operators choose how large packets are; leave {parameter} out ({UsersChoose.Name} is false).");
        var limit = settings.Get(most);
        return mtu >= Least && mtu <= limit ? mtu
            : throw Refusal.Parameter($"{parameter} {mtu} is not between {Least} and {limit} bytes ({most.Name}).");
    }
}
