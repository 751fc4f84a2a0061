using System.Collections.Concurrent;
using Stratiform.Protocol;
using Stratiform.SystemVm.Network;
using Stratiform.SystemVm.Stores;

namespace Stratiform.SystemVm.Tests;

/// <summary>Shares that are folders as they are; a server named <c>away</c> does not answer.</summary>
internal sealed class PlainMounts : IMounts
{
    public Task EnsureAsync(NfsShare share, string folder, CancellationToken ct)
    {
        if (share.Server == "away") throw new HostException(HostErrorCode.Busy, "away does not answer.");
        Directory.CreateDirectory(folder);
        return Task.CompletedTask;
    }

    public Task EnsureAbsentAsync(string folder, CancellationToken ct)
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>Cards that only remember what they were told.</summary>
internal sealed class NotedCards : INetworkCards
{
    public ConcurrentQueue<string> Told { get; } = [];

    public Task EnsureAsync(IReadOnlyList<WorkerNic> nics, IReadOnlyList<string> resolvers, CancellationToken ct)
    {
        foreach (var nic in nics) Told.Enqueue($"{nic.Mac} {nic.Address}");
        return Task.CompletedTask;
    }
}
