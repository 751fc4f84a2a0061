using Stratiform.Protocol;

namespace Stratiform.SystemVm.Network;

/// <summary>This machine's way to others.</summary>
internal interface INetworkCards
{
    /// <summary>The cards have these addresses and no others, and these name servers are asked.</summary>
    /// <exception cref="HostException">There is no such card.</exception>
    Task EnsureAsync(IReadOnlyList<WorkerNic> nics, IReadOnlyList<string> resolvers, CancellationToken ct);
}
