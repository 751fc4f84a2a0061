using Stratiform.Protocol;

namespace Stratiform.Transfers.Images;

/// <summary>What may be asked for as the source of an image, and what is said of one that cannot be had.</summary>
public static class ImageSource
{
    /// <summary>Throws <see cref="HostErrorCode.Invalid"/> for a URL or checksum that cannot be obeyed.</summary>
    public static Uri Check(EnsureImage image)
    {
        if (!Uri.TryCreate(image.Source, UriKind.Absolute, out var url) || url.Scheme is not ("file" or "http" or "https"))
            throw new HostException(HostErrorCode.Invalid, $"{image.Source} is no file:, http: or https: URL.");
        CheckSum(image);
        return url;
    }

    /// <summary>As <see cref="Check"/>, for a store that is read itself, with the message as it may be shown: without what a URL proves who asks.</summary>
    public static (Uri Url, EnsureImage Shown) CheckStore(EnsureImage image)
    {
        if (!Uri.TryCreate(image.Source, UriKind.Absolute, out var url) || url.Scheme is not ("nfs" or "http" or "https"))
            throw new HostException(HostErrorCode.Invalid, "The source is no nfs:, http: or https: URL.");
        CheckSum(image);
        return (url, image with { Source = url.GetLeftPart(UriPartial.Path) });
    }

    /// <summary>As <see cref="Check"/>, for what is uploaded: until when that may begin. Null for what comes from elsewhere.</summary>
    public static DateTimeOffset? CheckUpload(EnsureImage image)
    {
        if (UploadLink.ExpiryOf(image.Source) is not { } expiry) return null;
        CheckSum(image);
        return expiry;
    }

    /// <summary>What came, as sentences name it: without what a link proves itself by, or a user.</summary>
    public static string NameOf(EnsureImage image) => UploadLink.ExpiryOf(image.Source) is not null ? "The uploaded file"
        : new Uri(image.Source).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Nobody used the link of an upload.</summary>
    public static HostError NothingCame() => new(HostErrorCode.NotFound, "Nothing was uploaded before the link expired.");

    private static void CheckSum(EnsureImage image)
    {
        try
        {
            _ = Checksum.Parse(image.Checksum);
        }
        catch (FormatException wrong)
        {
            throw new HostException(HostErrorCode.Invalid, wrong.Message);
        }
    }

    /// <summary>Guests would see more than they may.</summary>
    public static HostError TooLarge(EnsureImage image, long virtualBytes) => new(HostErrorCode.Invalid,
        $"{NameOf(image)} has a virtual size of {virtualBytes} bytes; the limit is {image.MaxVirtualSizeBytes}.");

    /// <summary>Why a fetch brought nothing.</summary>
    /// <param name="image">What was asked for.</param>
    /// <param name="outcome">How it ended, not <see cref="FetchEnd.Done"/>.</param>
    /// <param name="place">Where it was to lie: pool or store.</param>
    public static HostError Explain(EnsureImage image, FetchOutcome outcome, string place) => outcome.End switch
    {
        FetchEnd.NotThere => new HostError(HostErrorCode.NotFound, $"There is nothing at {NameOf(image)}."),
        FetchEnd.Forbidden or FetchEnd.TooLarge =>
            new HostError(HostErrorCode.Invalid, $"{NameOf(image)} is not accepted: {outcome.Text}."),
        FetchEnd.Unreachable => new HostError(HostErrorCode.Unreachable, $"This host does not reach {NameOf(image)} itself: {outcome.Text}."),
        FetchEnd.Corrupt => new HostError(HostErrorCode.Corrupt, $"{NameOf(image)} is not accepted: {outcome.Text}."),
        FetchEnd.NoSpace => new HostError(HostErrorCode.NoSpace, $"{NameOf(image)} does not fit on the {place}: {outcome.Text}."),
        FetchEnd.DiskFailed => new HostError(HostErrorCode.Busy, $"The {place} {image.PoolId} cannot be used: {outcome.Text}."),
        _ => new HostError(HostErrorCode.Failed, $"{NameOf(image)} cannot be copied: {outcome.Text}."),
    };
}
