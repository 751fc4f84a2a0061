using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>What routers do for networks, in the API's words.</summary>
internal static class NetworkServices
{
    /// <summary>What routers of VPCs are called, who give the same services.</summary>
    public const string VpcProvider = "VpcVirtualRouter";

    /// <summary>Hosts judge by security groups what goes to guests and comes from them.</summary>
    public const string SecurityGroup = "SecurityGroup";

    /// <summary>Who does.</summary>
    public const string GroupProvider = "SecurityGroupProvider";

    /// <summary>Spreads what comes to ports.</summary>
    public const string Lb = "Lb";

    /// <summary>The guests' way out.</summary>
    public const string SourceNat = "SourceNat";

    /// <summary>Guards what goes between tiers of a VPC.</summary>
    public const string Acl = "NetworkACL";

    /// <summary>Lets VPN users in, and connects VPCs with networks elsewhere.</summary>
    public const string Vpn = "Vpn";

    /// <summary>The services that a network of its own may have.</summary>
    public static readonly IReadOnlyList<string> All = ["Dhcp", "Dns", "Firewall", "Lb", "PortForwarding", SourceNat, "StaticNat", "UserData", Vpn];

    /// <summary>The services that shared networks may have.</summary>
    public static readonly IReadOnlyList<string> OfShared = ["Dhcp", "Dns", SecurityGroup, "UserData"];

    /// <summary>The services that tiers of a VPC may have.</summary>
    public static readonly IReadOnlyList<string> OfVpcs = ["Dhcp", "Dns", "Lb", Acl, "PortForwarding", SourceNat, "StaticNat", "UserData", Vpn];

    /// <summary>Services as clients name them, in their right spelling; all unless said, security groups left out.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">One does not exist there (431).</exception>
    public static string[] Named(IReadOnlyList<string>? services, GuestNetworkType type, bool forVpc)
    {
        var there = type == GuestNetworkType.Shared ? OfShared : forVpc ? OfVpcs : All;
        return [.. (services ?? [.. there.Where(s => s != SecurityGroup)]).Select(Right).Distinct().Order(StringComparer.Ordinal)];

        string Right(string service) => there.FirstOrDefault(s => s.Equals(service, StringComparison.OrdinalIgnoreCase))
            ?? throw Refusal.Parameter($"The service {service} is not supported{(type == GuestNetworkType.Shared ? " in shared networks" : forVpc ? " in VPCs" : "")}; there are {string.Join(", ", there)}.");
    }

    /// <summary>Refuses other providers than this one; VPCs may have load balancers within as well.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">Another is named (431).</exception>
    public static void RequireProviders(IReadOnlyList<IReadOnlyDictionary<string, string>>? given, string only)
    {
        foreach (var pair in given ?? [])
        {
            var isGroups = pair.TryGetValue("service", out var service) && service.Equals(SecurityGroup, StringComparison.OrdinalIgnoreCase);
            if (only == VpcProvider && LbScheme.IsInternal(pair)) continue;
            if (pair.TryGetValue("provider", out var provider) && !provider.Equals(isGroups ? GroupProvider : only, StringComparison.OrdinalIgnoreCase))
                throw Refusal.Parameter($"The provider {provider} is not supported; services are given by {(isGroups ? GroupProvider : only)}.");
        }
    }

    /// <summary>Refuses what needs services where their provider is switched off: that of routers unless said.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is Disabled, or its element is (431).</exception>
    public static async Task RequireProviderAsync(CloudDb db, Id<PhysicalNetwork> wires, CancellationToken ct, string name = NetworkServiceProvider.VirtualRouter)
    {
        var provider = await db.Set<NetworkServiceProvider>().AsNoTracking().Include(p => p.Element).SingleAsync(p => p.PhysicalNetworkId == wires && p.Name == name, ct);
        if (provider.State != AllocationState.Enabled)
            throw Refusal.Parameter($"The provider {provider.Name} of the physical network is Disabled; its operator enables it with updateNetworkServiceProvider.");
        if (!provider.Element!.Enabled)
        {
            throw Refusal.Parameter($"The element of {provider.Name} on the physical network is not enabled; its operator enables it with "
                + (name == NetworkServiceProvider.InternalLb ? "configureInternalLoadBalancerElement." : "configureVirtualRouterElement."));
        }
    }
}
