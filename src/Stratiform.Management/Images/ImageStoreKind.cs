namespace Stratiform.Management.Images;

/// <summary>The kinds of image stores there are, by what their URLs begin with.</summary>
internal static class ImageStoreKind
{
    /// <summary>A share that workers mount.</summary>
    public const string Nfs = "NFS";

    /// <summary>A bucket of object storage.</summary>
    public const string S3 = "S3";

    /// <summary>The provider's name as clients see it.</summary>
    public static string ProviderOf(string url) => url.StartsWith("nfs:", StringComparison.Ordinal) ? Nfs : S3;

    /// <summary>How it is reached, as clients see it.</summary>
    public static string ProtocolOf(string url) => ProviderOf(url) == Nfs ? "nfs" : "s3";

    public static bool IsNfs(string kind) => kind.Equals(Nfs, StringComparison.OrdinalIgnoreCase);

    public static bool IsS3(string kind) => kind.Equals(S3, StringComparison.OrdinalIgnoreCase);
}
