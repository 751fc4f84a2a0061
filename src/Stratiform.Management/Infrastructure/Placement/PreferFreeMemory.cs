namespace Stratiform.Management.Infrastructure.Placement;

/// <summary>Spreads guests: the host with the larger share of memory free is better.</summary>
internal sealed class PreferFreeMemory : IHostScorer
{
    public double Score(HostCandidate host, PlacementRequest request) =>
        1 - (double)(host.MemoryPromisedMib + request.MemoryMib) / host.MemoryTotalMib;
}
