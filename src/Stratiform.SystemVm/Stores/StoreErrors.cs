using Stratiform.Transfers;

namespace Stratiform.SystemVm.Stores;

/// <summary>What the exceptions of files say about the store they lie in.</summary>
internal static class StoreErrors
{
    private const int OverQuota = 122;

    public static bool IsFull(IOException broken) => broken.HResult is Fetcher.OutOfSpace or OverQuota;

    /// <summary>The kernel's words without the path, which means nothing outside.</summary>
    public static string Reason(Exception broken) => broken.Message.Split(" : '", 2)[0].TrimEnd('.', ' ');
}
