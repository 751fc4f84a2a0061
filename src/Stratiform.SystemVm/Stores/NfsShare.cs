using Stratiform.Protocol;

namespace Stratiform.SystemVm.Stores;

/// <summary>A share of an NFS server.</summary>
/// <param name="Server">An IPv4 address or a name.</param>
/// <param name="Path">What it exports.</param>
internal sealed record NfsShare(string Server, string Path)
{
    /// <exception cref="HostException">It is no such URL.</exception>
    public static NfsShare Parse(StoreAddress store)
    {
        if (!Uri.TryCreate(store.Url, UriKind.Absolute, out var url) || url.Scheme != "nfs")
            throw Unsupported(store, "this worker knows stores of the forms nfs://server/path and https://server/bucket");
        if (url.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4))
            throw Unsupported(store, "its server must be an IPv4 address or a name");
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0 || !url.IsDefaultPort)
            throw Unsupported(store, "it must have a server and a path and nothing else");
        return new NfsShare(url.Host, Uri.UnescapeDataString(url.AbsolutePath));
    }

    private static HostException Unsupported(StoreAddress store, string why) =>
        new(HostErrorCode.Unsupported, $"The store {store.StoreId} cannot be used at {store.Url}: {why}.");
}
