using System.Net;
using Stratiform.Management.Api;

namespace Stratiform.Management.Images;

/// <summary>The kinds of image stores there are, by what their URLs begin with.</summary>
internal static class ImageStoreKind
{
    /// <summary>A share that workers mount.</summary>
    public const string Nfs = "NFS";

    /// <summary>The provider's name as clients see it.</summary>
    public static string ProviderOf(string url) => url.StartsWith("nfs://", StringComparison.Ordinal) ? Nfs : "";

    /// <summary>The store's URL in its one form: <c>nfs://server/path</c>.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none.</exception>
    public static string RequireUrl(string provider, string url)
    {
        if (!provider.Equals(Nfs, StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"provider {provider} is not supported; use {Nfs} with url=nfs://server/path.");
        var isShare = Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == "nfs" && IsServer(address) && IsFolder(address, url);
        if (!isShare) throw Refusal.Parameter($"url {url} names no NFS share, such as nfs://192.0.2.10/export/secondary.");
        return $"nfs://{address!.Host}{Uri.UnescapeDataString(address.AbsolutePath).TrimEnd('/')}";
    }

    private static bool IsServer(Uri address) =>
        address.Host.Length > 0 && address.UserInfo.Length == 0 && address.IsDefaultPort
        && (IPAddress.TryParse(address.Host, out _) || Uri.CheckHostName(address.Host) == UriHostNameType.Dns);

    // It becomes a word of a mount command.
    private static bool IsFolder(Uri address, string url) =>
        address.AbsolutePath.Length > 1 && address.Query.Length == 0 && address.Fragment.Length == 0
        && address.AbsolutePath.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_')
        && !url.Contains("..", StringComparison.Ordinal);
}
