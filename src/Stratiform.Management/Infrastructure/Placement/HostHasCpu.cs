namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Leaves out hosts whose MHz are promised already.</summary>
internal sealed class HostHasCpu : IHostFilter
{
    public string Refused(PlacementRequest request) => $"lack CPU ({request.CpuMhz} MHz asked)";

    public bool Accepts(HostCandidate host, PlacementRequest request) =>
        host.CpuPromisedMhz + request.CpuMhz <= host.CpuTotalMhz;
}
