using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>What routers do for networks, in the API's words.</summary>
internal static class NetworkServices
{
    /// <summary>The services that there are.</summary>
    public static readonly IReadOnlyList<string> All = ["Dhcp", "Dns", "Firewall", "Lb", "PortForwarding", "SourceNat", "StaticNat", "UserData"];

    /// <summary>Refuses what needs services where their provider is switched off.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is Disabled, or its element is (431).</exception>
    public static async Task RequireProviderAsync(CloudDb db, Id<PhysicalNetwork> wires, CancellationToken ct)
    {
        var provider = await db.Set<NetworkServiceProvider>().AsNoTracking().Include(p => p.Element).SingleAsync(p => p.PhysicalNetworkId == wires, ct);
        if (provider.State != AllocationState.Enabled)
            throw Refusal.Parameter($"The provider {provider.Name} of the physical network is Disabled; its operator enables it with updateNetworkServiceProvider.");
        if (!provider.Element!.Enabled)
            throw Refusal.Parameter($"The element of {provider.Name} on the physical network is not enabled; its operator enables it with configureVirtualRouterElement.");
    }
}
