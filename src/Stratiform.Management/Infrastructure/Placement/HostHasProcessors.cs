namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Leaves out hosts with fewer processors than the guest: its threads would wait for each other.</summary>
internal sealed class HostHasProcessors : IHostFilter
{
    public string Refused(PlacementRequest request) => $"have fewer than {request.Cpus} processors";

    public bool Accepts(HostCandidate host, PlacementRequest request) => host.Cpus >= request.Cpus;
}
