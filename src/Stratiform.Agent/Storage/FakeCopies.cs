using System.Net;
using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.Storage;

/// <summary>How images come to simulated places, pools and stores alike: after some questions, if nothing speaks against them.</summary>
internal static class FakeCopies
{
    /// <summary>How far the copy is; null when it is at its end and out of the table.</summary>
    public static ImageProgress? Advance(this FakeDisks disks, Dictionary<Guid, int> copies, Guid imageId, bool stalls = false)
    {
        var polls = copies.GetValueOrDefault(imageId);
        if (polls >= disks.PollsOfACopy && !stalls)
        {
            copies.Remove(imageId);
            return null;
        }
        copies[imageId] = stalls && polls > 0 ? polls : polls + 1;
        return ImageProgresses.Running(100 * Math.Min(polls, disks.PollsOfACopy) / Math.Max(1, disks.PollsOfACopy));
    }

    public static ImageProgress Done(FakeSource image) =>
        ImageProgresses.Done(image.VirtualSizeBytes, image.PhysicalSizeBytes, image.Checksum);

    /// <summary>The host does not reach the store.</summary>
    public static HostError Unreachable(EnsureImage image) =>
        ImageSource.Explain(image, new FetchOutcome(FetchEnd.Unreachable, "the store does not answer"), "pool");

    /// <summary>Why the image is not taken, as a real host or worker would judge it.</summary>
    /// <param name="image">What was asked for.</param>
    /// <param name="source">What was found.</param>
    /// <param name="fits">Whether the place has room for so many bytes.</param>
    public static HostError? Refusal(EnsureImage image, FakeSource source, Func<long, bool> fits) =>
        LeadsInside(image) ? new HostError(HostErrorCode.Invalid, $"{ImageSource.NameOf(image)} is not accepted: it leads into the cloud.")
        : source.IsMissing ? new HostError(HostErrorCode.NotFound, $"There is nothing at {ImageSource.NameOf(image)}.")
        : source.Failure.Length > 0 ? new HostError(HostErrorCode.Failed, $"{ImageSource.NameOf(image)} cannot be copied: {source.Failure}.")
        : source.IsCorrupt ? new HostError(HostErrorCode.Corrupt, $"{ImageSource.NameOf(image)} is no sound qcow2 image.")
        : source.Format != image.Format
            ? new HostError(HostErrorCode.Corrupt, $"{ImageSource.NameOf(image)} is no {image.Format} image but {source.Format}.")
        : image.Checksum.Length > 0 && source.Checksum.Length > 0
            && !string.Equals(image.Checksum, source.Checksum, StringComparison.OrdinalIgnoreCase)
            ? new HostError(HostErrorCode.Corrupt, $"{ImageSource.NameOf(image)} does not have the checksum {image.Checksum}.")
        : source.VirtualSizeBytes > image.MaxVirtualSizeBytes ? ImageSource.TooLarge(image, source.VirtualSizeBytes)
        : !fits(source.PhysicalSizeBytes)
            ? new HostError(HostErrorCode.NoSpace, $"{ImageSource.NameOf(image)} does not fit on {image.PoolId}.")
        : null;

    // Names lead nowhere here; addresses are judged as a real host would.
    private static bool LeadsInside(EnsureImage image) => IPAddress.TryParse(new Uri(image.Source).DnsSafeHost, out var address)
        && !new AddressGuard(NetworksOf(image.Forbidden), NetworksOf(image.Allowed)).Allows(address);

    private static IReadOnlyList<IPNetwork> NetworksOf(IReadOnlyList<string> texts) => [.. texts.Select(text => IPNetwork.Parse(text))];
}
