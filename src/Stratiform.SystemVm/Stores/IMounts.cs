using Stratiform.Protocol;

namespace Stratiform.SystemVm.Stores;

/// <summary>Lays shares under folders of this machine.</summary>
internal interface IMounts
{
    /// <summary>The share lies under the folder, and answers.</summary>
    /// <exception cref="HostException">It does not.</exception>
    Task EnsureAsync(NfsShare share, string folder, CancellationToken ct);

    /// <summary>Nothing lies under the folder, which is gone.</summary>
    Task EnsureAbsentAsync(string folder, CancellationToken ct);
}
