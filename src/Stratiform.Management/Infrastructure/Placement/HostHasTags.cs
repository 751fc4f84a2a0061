namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Keeps to hosts that bear every tag of the offering.</summary>
internal sealed class HostHasTags : IHostFilter
{
    public string Refused(PlacementRequest request) => $"lack a host tag ({string.Join(", ", request.HostTags)})";

    public bool Accepts(HostCandidate host, PlacementRequest request) => request.HostTags.All(host.Tags.Contains);
}
