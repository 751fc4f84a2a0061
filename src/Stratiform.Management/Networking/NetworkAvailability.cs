using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Whether guests without a network get one of an offering, in the API's words.</summary>
public enum NetworkAvailability
{
    /// <summary>Networks of it are made by those who choose it.</summary>
    Optional,

    /// <summary>A guest whose owner has no network gets one of it.</summary>
    Required,
}

/// <summary>Who may be the one that is required.</summary>
internal static class NetworkAvailabilities
{
    /// <summary>Refuses an offering whose networks nobody could begin with.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is of another kind (431).</exception>
    public static void RequireFits(NetworkOffering offering)
    {
        if (offering.Availability == NetworkAvailability.Required && (offering.Type != GuestNetworkType.Isolated || offering.ForVpc || !offering.Has(NetworkServices.SourceNat)))
            throw Refusal.Parameter($"Guests begin in networks that lead out; availability=Required is for offerings of type Isolated with SourceNat, and not for tiers ({offering.Name}).");
    }

    /// <summary>Refuses a second one that is required, in the commit that makes it so.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">There is one (431).</exception>
    public static async Task RequireOnlyAsync(DbContext commit, Id<NetworkOffering> id, CancellationToken ct)
    {
        if (await commit.Set<NetworkOffering>().Where(o => o.Id != id && o.Availability == NetworkAvailability.Required).Select(o => o.Name).FirstOrDefaultAsync(ct) is { } other)
            throw Refusal.Parameter($"The network offering {other} is required already; make it Optional first (updateNetworkOffering).");
    }
}
