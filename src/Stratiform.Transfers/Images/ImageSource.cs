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
        try
        {
            _ = Checksum.Parse(image.Checksum);
        }
        catch (FormatException wrong)
        {
            throw new HostException(HostErrorCode.Invalid, wrong.Message);
        }
        return url;
    }

    /// <summary>Guests would see more than they may.</summary>
    public static HostError TooLarge(EnsureImage image, long virtualBytes) => new(HostErrorCode.Invalid,
        $"{image.Source} has a virtual size of {virtualBytes} bytes; the limit is {image.MaxVirtualSizeBytes}.");

    /// <summary>Why a fetch brought nothing.</summary>
    /// <param name="image">What was asked for.</param>
    /// <param name="outcome">How it ended, not <see cref="FetchEnd.Done"/>.</param>
    /// <param name="place">Where it was to lie: pool or store.</param>
    public static HostError Explain(EnsureImage image, FetchOutcome outcome, string place) => outcome.End switch
    {
        FetchEnd.NotThere => new HostError(HostErrorCode.NotFound, $"There is nothing at {image.Source}."),
        FetchEnd.Forbidden or FetchEnd.TooLarge =>
            new HostError(HostErrorCode.Invalid, $"{image.Source} is not accepted: {outcome.Text}."),
        FetchEnd.Corrupt => new HostError(HostErrorCode.Corrupt, $"{image.Source} is not accepted: {outcome.Text}."),
        FetchEnd.NoSpace => new HostError(HostErrorCode.NoSpace, $"{image.Source} does not fit on the {place}: {outcome.Text}."),
        _ => new HostError(HostErrorCode.Failed, $"{image.Source} cannot be copied: {outcome.Text}."),
    };
}
