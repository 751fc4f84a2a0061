using Stratiform.Protocol;

namespace Stratiform.SystemVm.Stores;

/// <summary>A bucket of an S3 server, and who asks for it.</summary>
/// <param name="Server">The server, without a path.</param>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="AccessKey">Who asks.</param>
/// <param name="SecretKey">The proof of it.</param>
internal sealed record S3Place(Uri Server, string Bucket, string AccessKey, string SecretKey)
{
    /// <summary>Null for a URL of another kind.</summary>
    /// <exception cref="HostException">It is no bucket.</exception>
    public static S3Place? TryParse(StoreAddress store)
    {
        if (!Uri.TryCreate(store.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) return null;
        var bucket = url.AbsolutePath.Trim('/');
        if (bucket.Length < 3 || bucket.Contains('/', StringComparison.Ordinal) || url.UserInfo.Length + url.Query.Length + url.Fragment.Length > 0)
            throw Unsupported(store, "it must be https://server/bucket and nothing else");
        if (store.AccessKey.Length == 0 || store.SecretKey.Length == 0) throw Unsupported(store, "its keys are missing");
        return new S3Place(new Uri(url.GetLeftPart(UriPartial.Authority)), bucket, store.AccessKey, store.SecretKey);
    }

    /// <summary>Without the keys, which no log is to show.</summary>
    public override string ToString() => $"{Server}{Bucket}";

    private static HostException Unsupported(StoreAddress store, string why) =>
        new(HostErrorCode.Unsupported, $"The store {store.StoreId} cannot be used at {store.Url}: {why}.");
}
