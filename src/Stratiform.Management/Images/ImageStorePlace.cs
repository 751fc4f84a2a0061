using System.Net;
using Stratiform.Management.Api;

namespace Stratiform.Management.Images;

/// <summary>Where a new image store is, in the one form of its kind, and the keys of one in object storage.</summary>
/// <param name="Url"><c>nfs://server/path</c> or <c>https://server/bucket</c>.</param>
/// <param name="AccessKey">Who asks; empty for shares.</param>
/// <param name="SecretKey">The proof of it.</param>
internal sealed record ImageStorePlace(string Url, string AccessKey = "", string SecretKey = "")
{
    private const int LongestKey = 256;

    /// <summary>As a client asks for it: a share by its URL, a bucket by a URL or in details, as CloudStack's own clients name it.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none.</exception>
    public static ImageStorePlace Require(string command, string provider, string? url, IReadOnlyDictionary<string, string> details)
    {
        if (ImageStoreKind.IsNfs(provider)) return new(RequireShare(url ?? throw Refusal.Missing(command, "url")));
        if (ImageStoreKind.IsS3(provider))
            return new(RequireBucket(url ?? UrlOf(command, details)), RequireKey(command, details, "accesskey"), RequireKey(command, details, "secretkey"));
        throw Refusal.Parameter($"provider {provider} is not supported; use {ImageStoreKind.Nfs} with url=nfs://server/path, or {ImageStoreKind.S3} with "
            + "url=https://server/bucket and the details accesskey and secretkey.");
    }

    /// <summary>Without the keys.</summary>
    public override string ToString() => Url;

    private static string RequireShare(string url)
    {
        var isShare = Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == "nfs"
            && IsServer(address) && address.IsDefaultPort && IsFolder(address, url);
        if (!isShare) throw Refusal.Parameter($"url {url} names no NFS share, such as nfs://192.0.2.10/export/secondary.");
        return $"nfs://{address!.Host}{Uri.UnescapeDataString(address.AbsolutePath).TrimEnd('/')}";
    }

    private static string RequireBucket(string url)
    {
        var isBucket = Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && IsServer(address)
            && address.Query.Length == 0 && address.Fragment.Length == 0 && IsBucketName(address.AbsolutePath.Trim('/'));
        // It may have a password in it.
        if (!isBucket) throw Refusal.Parameter("url names no bucket, such as https://s3.example.com/images: a server and a bucket of 3 to 63 characters.");
        return $"{address!.GetLeftPart(UriPartial.Authority)}/{address.AbsolutePath.Trim('/')}";
    }

    // details: endpoint=server[:port] bucket=name usehttps=true
    private static string UrlOf(string command, IReadOnlyDictionary<string, string> details)
    {
        var (endpoint, bucket) = (details.GetValueOrDefault("endpoint"), details.GetValueOrDefault("bucket"));
        if (endpoint is null || bucket is null) throw Refusal.Missing(command, "url");
        if (endpoint.Contains("://", StringComparison.Ordinal)) return $"{endpoint.TrimEnd('/')}/{bucket}";
        var isPlain = details.GetValueOrDefault("usehttps")?.Equals("false", StringComparison.OrdinalIgnoreCase) == true;
        return $"{(isPlain ? "http" : "https")}://{endpoint.TrimEnd('/')}/{bucket}";
    }

    private static string RequireKey(string command, IReadOnlyDictionary<string, string> details, string name)
    {
        if (details.GetValueOrDefault(name) is not { Length: > 0 } key) throw Refusal.Missing(command, $"details[0].{name}");
        return key.Length <= LongestKey && key.All(c => c is > ' ' and <= '~') ? key : throw Refusal.Parameter($"The detail {name} cannot be a key.");
    }

    private static bool IsServer(Uri address) =>
        address.Host.Length > 0 && address.UserInfo.Length == 0
        && (IPAddress.TryParse(address.Host, out _) || Uri.CheckHostName(address.Host) == UriHostNameType.Dns);

    // It becomes a word of a mount command.
    private static bool IsFolder(Uri address, string url) =>
        address.AbsolutePath.Length > 1 && address.Query.Length == 0 && address.Fragment.Length == 0
        && address.AbsolutePath.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_')
        && !url.Contains("..", StringComparison.Ordinal);

    private static bool IsBucketName(string name) =>
        name.Length is >= 3 and <= 63 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
        && !name.Contains("..", StringComparison.Ordinal);
}
