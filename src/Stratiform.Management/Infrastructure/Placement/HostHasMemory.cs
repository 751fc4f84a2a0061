namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Leaves out hosts whose memory is promised already.</summary>
internal sealed class HostHasMemory : IHostFilter
{
    public string Refused(PlacementRequest request) => $"lack memory ({request.MemoryMib} MiB asked)";

    public bool Accepts(HostCandidate host, PlacementRequest request) =>
        host.MemoryPromisedMib + request.MemoryMib <= host.MemoryTotalMib;
}
