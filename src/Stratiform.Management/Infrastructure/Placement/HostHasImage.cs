namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Leaves out hosts that lack the image which the system VM boots. One that has not told yet what it has may have it.</summary>
internal sealed class HostHasImage : IHostFilter
{
    /// <summary>That no host which has room for it has the image, and what to do.</summary>
    public static string Missing(PlacementRequest request) =>
        $"no host that has room for it has the system VM image {request.Image}. Install it on some (docs/guides/router-size.md), and try again.";

    public string Refused(PlacementRequest request) => $"lack the system VM image {request.Image} (docs/guides/router-size.md says how to install it)";

    public bool Accepts(HostCandidate host, PlacementRequest request) => request.Image is null || host.Images?.Contains(request.Image) != false;
}
