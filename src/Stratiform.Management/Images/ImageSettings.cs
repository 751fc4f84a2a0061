using System.Net;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Images;

/// <summary>The settings of images and where they come from.</summary>
internal static class ImageSettings
{
    public static readonly Setting<string> AllowedInternalSites = new(
        "secstorage.allowed.internal.sites", "",
        "Networks (CIDR, comma separated) inside the cloud from which images may be fetched: else none is from hosts, their links or their management network")
    {
        Objection = text => NetworksOf(text) is null ? "is no list of networks such as 10.1.0.0/16,192.0.2.7/32" : null,
        Group = "Storage",
        Subgroup = "Secondary Storage",
    };

    public static readonly Setting<int> MaxTemplateSize = new(
        "max.template.iso.size", 50, "The largest image that is taken, as guests see its size, GiB")
    {
        Within = (1, 16_384),
        Group = "Storage",
        Subgroup = "Secondary Storage",
    };

    public static readonly Setting<double> StoreThreshold = new(
        "secondary.storage.capacity.threshold", 0.9, "How full an image store may be, 0 to 1, and still be given new images; while all are fuller, new images are refused")
    {
        Within = (0.05, 1),
        Group = "Storage",
        Subgroup = "Secondary Storage",
    };

    public static readonly Setting<int> MaxVolumeSize = new(
        "storage.max.volume.upload.size", 500, "The largest volume that is uploaded, as guests see its size, GiB")
    {
        Within = (1, 16_384),
        Group = "Storage",
    };

    public static readonly Setting<int> DownloadSeconds = new(
        "extract.url.expiration.interval", 14_400,
        "How long a link to download an image is good, seconds; those that were given out keep their time")
    {
        Within = (60, 30 * 86_400),
        Group = "Storage",
        Subgroup = "Secondary Storage",
    };

    public static readonly Setting<int> LinkCleanupSeconds = new(
        "extract.url.cleanup.interval", 300,
        "Seconds between two looks for links to downloads that have expired, which are then taken out of their jobs' results")
    {
        Within = (1, 7 * 86_400),
        Group = "Storage",
        Subgroup = "Secondary Storage",
    };

    public static readonly Setting<bool> DisableDownloads = new(
        "disable.extraction", false, "Gives out no links to download images; those that were given out stay good until they expire")
    {
        Group = "Storage",
        Subgroup = "Secondary Storage",
    };

    public static readonly Setting<int> UploadMinutes = new(
        "upload.operation.timeout", 60, "How long after it was asked for an upload may begin, minutes; then its template fails")
    {
        Within = (1, 7 * 1440),
        Group = "Storage",
        Subgroup = "Secondary Storage",
    };

    public static readonly Setting<bool> Cleanup = new(
        "storage.cleanup.enabled", true, "Takes what nobody needs or owns from pools and image stores; off: it stays until it is switched on again")
    {
        Group = "Storage",
        Subgroup = "Cleanup",
    };

    public static readonly Setting<int> CleanupSeconds = new(
        "storage.cleanup.interval", 60, "Seconds between two looks for what nobody needs or owns on pools and in image stores")
    {
        Within = (1, 7 * 86_400),
        Group = "Storage",
        Subgroup = "Cleanup",
    };

    public static readonly Setting<int> CleanupDelaySeconds = new(
        "storage.cleanup.delay", 3600, "Seconds for which a template's copy on a pool stays when no disk there needs it any more")
    {
        Within = (1, 365 * 86_400),
        Group = "Storage",
        Subgroup = "Cleanup",
    };

    public static readonly Setting<bool> CleanUpTemplates = new(
        "storage.template.cleanup.enabled", true,
        "Takes copies of templates from pools where no disk needs them: after storage.cleanup.delay, or at once when the pool runs short (pool.storage.capacity.disablethreshold)")
    {
        Group = "Storage",
        Subgroup = "Cleanup",
    };

    /// <summary>The networks of a value; null when one of them is none.</summary>
    public static IReadOnlyList<IPNetwork>? NetworksOf(string text)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IPNetwork.TryParse(part, out var network)) return null;
            networks.Add(network);
        }
        return networks;
    }
}
