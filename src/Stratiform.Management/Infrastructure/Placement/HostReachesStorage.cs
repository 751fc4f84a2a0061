namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Keeps to hosts from which a pool can be reached that holds, or has room for, the guest's disks.</summary>
internal sealed class HostReachesStorage : IHostFilter
{
    public string Refused(PlacementRequest request) => "reach no primary storage with its disks or room for them";

    public bool Accepts(HostCandidate host, PlacementRequest request) => request.ReachesStorage(host);
}
