using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using Stratiform.Linux;

namespace Stratiform.Transfers.Images;

/// <summary>Brings an image from outside and makes it one of ours: fetched, verified, unpacked, converted, on the disk, added up.</summary>
/// <param name="time">The clock.</param>
public sealed class ImageFetch(TimeProvider time)
{
    private static readonly TimeSpan Trial = TimeSpan.FromSeconds(5);

    /// <summary>The part is an image of ours when the outcome is done; of any other outcome the part is of no use.</summary>
    /// <param name="order">What to bring.</param>
    /// <param name="taken">Told of bytes as they come from outside.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>How it ended, and what the image adds up to when it is done.</returns>
    public async Task<(FetchOutcome Outcome, Checksum? Made)> RunAsync(
        ImageOrder order, Action<int>? taken = null, CancellationToken ct = default)
    {
        using var sum = SumOf(order);
        var fetched = order.Source.IsFile
            ? Copy(order.Source.LocalPath, order.Part)
            : await FetchAsync(order, Fetch.File(order.Part), taken, sum, ct);
        return fetched.End == FetchEnd.Done ? await ImportAsync(order, sum, ct) : (fetched, null);
    }

    /// <summary>Adds the part up as it comes: in the way its order names, else in our own.</summary>
    public static RunningSum SumOf(ImageOrder order) => new(Checksum.Parse(order.Checksum)?.Algorithm ?? HashAlgorithmName.SHA256);

    /// <summary>Makes an image of ours of a part that has come whole.</summary>
    /// <param name="order">What was to be brought.</param>
    /// <param name="sum">What saw it come, see <see cref="SumOf"/>.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>As of <see cref="RunAsync"/>.</returns>
    public static async Task<(FetchOutcome Outcome, Checksum? Made)> ImportAsync(ImageOrder order, RunningSum sum, CancellationToken ct)
    {
        try
        {
            return (new(FetchEnd.Done), await VerifyAsync(order, sum, ct));
        }
        catch (InvalidDataException wrong)
        {
            return (new(FetchEnd.Corrupt, wrong.Message), null);
        }
        catch (TooLargeException wrong)
        {
            return (new(FetchEnd.TooLarge, wrong.Message), null);
        }
        catch (IOException broken) when (FetchOutcome.OfDisk(broken) is { } end)
        {
            return (end, null);
        }
    }

    /// <summary>Brings what the order's URL leads to as it is, to where nothing could be done to it.</summary>
    /// <param name="order">What to bring, and within which limits.</param>
    /// <param name="into">Where it goes.</param>
    /// <param name="taken">Told of bytes as they come from outside.</param>
    /// <param name="sum">Adds it up.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<FetchOutcome> FetchAsync(
        ImageOrder order, IFetchTarget into, Action<int>? taken, RunningSum? sum, CancellationToken ct) =>
        await new Fetcher(time).RunAsync(new Fetch
        {
            Source = order.Source,
            Into = into,
            MaxBytes = order.MaxBytes,
            // What listens on this machine is nobody's business.
            Forbidden = [.. order.Forbidden.Select(text => IPNetwork.Parse(text)), .. OfThisMachine(order.Source)],
            Allowed = [.. order.Allowed.Select(text => IPNetwork.Parse(text))],
            Trial = order.IsTrial ? Trial : null,
            Taken = taken,
            Sum = sum,
        }, ct);

    private static async Task<Checksum> VerifyAsync(ImageOrder order, RunningSum sum, CancellationToken ct)
    {
        var expected = Checksum.Parse(order.Checksum);
        var came = sum.Of(order.Part) ?? (expected is null ? null : await Checksum.OfFileAsync(order.Part, expected.Algorithm, ct));
        if (expected is not null && came != expected) throw new InvalidDataException($"it has the checksum {came!.Hex}, not {expected.Hex}");
        var isAsItCame = !await ImageImport.RunAsync(order.Part, order.Format, order.MaxBytes, order.MaxVirtualSizeBytes, ct);
        DurableFile.Flush(order.Part);
        return isAsItCame && came?.Algorithm == HashAlgorithmName.SHA256
            ? came
            : await Checksum.OfFileAsync(order.Part, HashAlgorithmName.SHA256, ct);
    }

    // Stores are where the operator says.
    private static IEnumerable<IPNetwork> OfThisMachine(Uri source) =>
        from device in source.Scheme == "nfs" ? [] : NetworkInterface.GetAllNetworkInterfaces()
        from own in device.GetIPProperties().UnicastAddresses
        select new IPNetwork(own.Address, 8 * own.Address.GetAddressBytes().Length);

    // Shares blocks where the file system can.
    private static FetchOutcome Copy(string from, string to)
    {
        try
        {
            File.Copy(from, to, overwrite: true);
            // The copy has the rights of its original, which nobody writes any more.
            File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return new(FetchEnd.Done);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(FetchEnd.NotThere, "there is no such file");
        }
        catch (IOException broken) when (FetchOutcome.OfDisk(broken) is { } end)
        {
            return end;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new(FetchEnd.Failed, broken.Message);
        }
    }
}
