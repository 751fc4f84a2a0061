namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Goes back to where it ran: the image is there, the caches may be warm.</summary>
internal sealed class PreferLastHost : IHostScorer
{
    public double Score(HostCandidate host, PlacementRequest request) => request.LastHost == host.Id ? 1 : 0;
}
