using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Stratiform.Protocol;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.SystemVms;

/// <summary>What may be passed on to a worker; everything else is <see cref="HostErrorCode.Invalid"/>.</summary>
internal static partial class WorkerChecks
{
    private const int MostCards = 16;
    private const int MostResolvers = 8;
    private const int MostStores = 1000;
    private const int ShortestKeyBytes = 16;
    private const int LongestSecret = 1024;

    public static void Check(WorkerSetup setup)
    {
        Require(setup.Nics.Count is > 0 and <= MostCards && setup.Nics.DistinctBy(nic => nic.Mac).Count() == setup.Nics.Count,
            "A worker has network cards, each with a MAC of its own.");
        foreach (var nic in setup.Nics) Check(nic);
        Require(setup.Nics.Count(nic => nic.Gateway.Length > 0) <= 1, "A worker has one gateway at most.");
        Require(setup.Resolvers.Count <= MostResolvers && setup.Resolvers.All(text => AddressOf(text) is not null),
            "A worker's name servers are addresses, eight at most.");
        Require(setup.LinkKey.Length is >= ShortestKeyBytes and <= LongestSecret, "A worker's key for links is too short or too long.");
        Require(setup.Stores.Count <= MostStores && setup.Stores.DistinctBy(store => store.StoreId).Count() == setup.Stores.Count,
            "A worker knows each store once.");
        foreach (var store in setup.Stores) Check(store);
    }

    public static void Check(EnsureImage image)
    {
        Require(ImageSource.CheckUpload(image) is not null || !ImageSource.Check(image).IsFile,
            $"{image.Source} is a file: a worker brings images from servers alone.");
        Require(image.MaxVirtualSizeBytes > 0, $"{image.MaxVirtualSizeBytes} bytes is no limit for an image.");
        if (image.Forbidden.Concat(image.Allowed).FirstOrDefault(text => !IPNetwork.TryParse(text, out _)) is { } bad)
            throw new HostException(HostErrorCode.Invalid, $"{bad} is no network.");
    }

    private static void Check(WorkerNic nic)
    {
        Require(MacShape().IsMatch(nic.Mac), $"{nic.Mac} is no MAC: six lower-case pairs.");
        Require(nic.Mtu is >= 576 and <= 65535, $"{nic.Mtu} is no MTU: 576 to 65535.");
        var slash = nic.Address.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? null : AddressOf(nic.Address[..slash]);
        var longest = address?.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        Require(address is not null
            && int.TryParse(nic.Address.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            && prefix > 0 && prefix <= longest, $"{nic.Address} is no address with the length of its prefix.");
        Require(nic.Gateway.Length == 0 || AddressOf(nic.Gateway)?.AddressFamily == address!.AddressFamily,
            $"{nic.Gateway} is no gateway for {nic.Address}.");
    }

    private static void Check(StoreAddress store)
    {
        Require(store.Url.Length <= LongestSecret && store.Url.All(c => c is > ' ' and <= '~')
            && Uri.TryCreate(store.Url, UriKind.Absolute, out var url) && url.Scheme is "nfs" or "http" or "https"
            && url is { Host.Length: > 0, AbsolutePath.Length: > 1, UserInfo: "", Query: "", Fragment: "" },
            $"The store {store.StoreId} is at no nfs://server/path and no https://server/bucket.");
        Require(IsSecret(store.AccessKey) && IsSecret(store.SecretKey), $"The keys of the store {store.StoreId} cannot be keys.");
    }

    private static bool IsSecret(string text) => text.Length <= LongestSecret && !text.Any(char.IsControl);

    // As it would be written: what else is read as an address (7, 0x7f.1) the program inside might read otherwise.
    private static IPAddress? AddressOf(string text) => IPAddress.TryParse(text, out var address)
        && !text.Contains('%', StringComparison.Ordinal)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text) ? address : null;

    private static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new HostException(HostErrorCode.Invalid, otherwise);
    }

    [GeneratedRegex(@"^[0-9a-f]{2}(:[0-9a-f]{2}){5}\z", RegexOptions.None, 1000)]
    private static partial Regex MacShape();
}
