namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Keeps to the host that an administrator named.</summary>
internal sealed class HostIsAskedFor : IHostFilter
{
    public string Refused(PlacementRequest request) => "are not the host asked for";

    public bool Accepts(HostCandidate host, PlacementRequest request) => request.OnlyHost is null || request.OnlyHost == host.Id;
}
