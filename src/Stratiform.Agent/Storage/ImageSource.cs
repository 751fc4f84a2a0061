using Stratiform.Protocol;
using Stratiform.Transfers;

namespace Stratiform.Agent.Storage;

/// <summary>What may be asked for as the source of an image.</summary>
internal static class ImageSource
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

    public static HostError TooLarge(EnsureImage image, long virtualBytes) => new(HostErrorCode.Invalid,
        $"{image.Source} has a virtual size of {virtualBytes} bytes; the limit is {image.MaxVirtualSizeBytes}.");
}
