using Stratiform.Protocol;

namespace Stratiform.SystemVm.Stores;

/// <summary>The disk that this machine's host lends it.</summary>
internal interface IScratchDisk
{
    /// <summary>It lies empty under a folder.</summary>
    /// <returns>The folder.</returns>
    /// <exception cref="HostException">There is none (<see cref="HostErrorCode.Unsupported"/>), or it cannot be used now.</exception>
    Task<string> MountAsync(CancellationToken ct);

    /// <summary>Nothing of it is needed any more: the host has its room back.</summary>
    Task UnmountAsync();
}
