namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Keeps apart what must not die together.</summary>
internal sealed class HostIsAnotherOne : IHostFilter
{
    public string Refused(PlacementRequest request) => "carry the other one of the pair";

    public bool Accepts(HostCandidate host, PlacementRequest request) => !request.OtherHosts.Contains(host.Id);
}
