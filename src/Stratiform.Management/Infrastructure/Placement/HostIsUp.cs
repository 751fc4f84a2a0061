namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Leaves out hosts whose agent is not heard.</summary>
internal sealed class HostIsUp : IHostFilter
{
    public string Refused(PlacementRequest request) => "are not up";

    public bool Accepts(HostCandidate host, PlacementRequest request) => host.State == HostState.Up;
}
