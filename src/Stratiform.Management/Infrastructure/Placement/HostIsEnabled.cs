namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Leaves out what an operator disabled: the host, its cluster or its pod.</summary>
internal sealed class HostIsEnabled : IHostFilter
{
    public string Refused(PlacementRequest request) => "are disabled";

    public bool Accepts(HostCandidate host, PlacementRequest request) => host.Enabled;
}
