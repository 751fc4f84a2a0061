using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>Has workers and hosts copy templates: each call asks for the copy, or how far it is.</summary>
public sealed class ImageTransfer(CloudDb db, Hosts hosts, StoreLinks links, LiveSettings settings)
{
    /// <summary>A worker brings what the template's URL leads to into a store.</summary>
    public async Task<ImageProgress> ImportAsync(Template template, StoreImage to, WorkerSeat by, CancellationToken ct)
    {
        var image = await FromOutsideAsync(template, to.StoreId.Value, to.ObjectId, ct);
        return await hosts.EnsureAsync(by.HostId, to.Subject, new EnsureImageInStore(by.WorkerId, image), ct);
    }

    /// <summary>A host brings what the template's URL leads to onto a pool.</summary>
    public async Task<ImageProgress> ImportAsync(Template template, PoolImage to, Id<Infrastructure.Host> by, CancellationToken ct) =>
        await hosts.EnsureAsync(by, to.Subject, await FromOutsideAsync(template, to.PoolId.Value, to.Id.Value, ct), ct);

    /// <summary>A worker brings a copy of another store into its own, as it is: within a zone past all that is public, and else not.</summary>
    public async Task<ImageProgress> CopyAsync(
        Template template, StoreImage from, Id<Zone> fromZone, WorkerSeat servedBy, StoreImage to, WorkerSeat by, CancellationToken ct)
    {
        var isNear = fromZone == template.ZoneId;
        var link = isNear ? await links.ToAsync(from, fromZone, servedBy, ct) : await links.ToOtherZoneAsync(from, fromZone, servedBy, ct);
        var image = FromStore(template, from, link, isNear ? servedBy.Address : servedBy.PublicAddress) with
        {
            PoolId = to.StoreId.Value,
            ImageId = to.ObjectId,
        };
        return await hosts.EnsureAsync(by.HostId, to.Subject, new EnsureImageInStore(by.WorkerId, image), ct);
    }

    /// <summary>A host brings a copy of a store onto a pool, by a link that a worker serves.</summary>
    public async Task<ImageProgress> CopyAsync(Template template, StoreImage from, WorkerSeat servedBy, PoolImage to, Id<Infrastructure.Host> by, CancellationToken ct)
    {
        var link = await links.ToAsync(from, template.ZoneId, servedBy, ct);
        var image = FromStore(template, from, link, servedBy.Address) with { PoolId = to.PoolId.Value, ImageId = to.Id.Value };
        return await hosts.EnsureAsync(by, to.Subject, image, ct);
    }

    /// <summary>
    /// A host brings a copy of a store onto a pool by reading the store itself; fails as <see cref="HostErrorCode.Unreachable"/> where it does
    /// not reach it, or its agent cannot.
    /// </summary>
    public async Task<ImageProgress> CopyAsync(Template template, StoreImage from, PoolImage to, Id<Infrastructure.Host> by, CancellationToken ct)
    {
        var store = await db.Set<ImageStore>().SingleAsync(s => s.Id == from.StoreId, ct);
        var image = FromStore(template, from, links.Direct(from, store)) with { PoolId = to.PoolId.Value, ImageId = to.Id.Value };
        try
        {
            return await hosts.EnsureAsync(by, to.Subject, new EnsureImageFromStore(image), ct);
        }
        catch (UnsupportedByHostException old)
        {
            return new ImageProgress { State = HostWorkState.Failed, Error = new(HostErrorCode.Unreachable, old.Message) };
        }
    }

    /// <summary>A worker awaits what the template's owner uploads.</summary>
    public Task<ImageProgress> ReceiveAsync(Template template, StoreImage to, WorkerSeat by, DateTimeOffset until, CancellationToken ct) =>
        ReceiveAsync(template, to, by, until, LargestOf(template), ct);

    /// <summary>A worker awaits what a host sends of a volume.</summary>
    public Task<ImageProgress> ReceiveAsync(Template template, StoreImage to, WorkerSeat by, DateTimeOffset until, Volume from, CancellationToken ct) =>
        ReceiveAsync(template, to, by, until, from.SizeBytes, ct);

    /// <summary>A host sends a volume to the worker that awaits it.</summary>
    /// <param name="volume">The volume, which nothing writes.</param>
    /// <param name="to">The image that becomes of it; its name in the store is the attempt's as well.</param>
    /// <param name="awaitedBy">The worker.</param>
    /// <param name="until">What <see cref="ReceiveAsync(Template, StoreImage, WorkerSeat, DateTimeOffset, Volume, CancellationToken)"/> was told.</param>
    /// <param name="by">The host.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<SendProgress> SendAsync(
        Volume volume, StoreImage to, WorkerSeat awaitedBy, DateTimeOffset until, Id<Infrastructure.Host> by, CancellationToken ct)
    {
        var link = new UploadLink(to.StoreId.Value, to.ObjectId, until);
        return await hosts.EnsureAsync(by, volume.Subject, new EnsureVolumeSent
        {
            PoolId = volume.PoolId!.Value.Value,
            VolumeId = volume.Id.Value,
            AttemptId = to.ObjectId,
            Url = $"http://{awaitedBy.Address}{link.Path}",
            Metadata = link.Metadata,
            Expires = link.ExpiryText,
            Signature = link.Sign(await links.KeyAsync(volume.ZoneId, ct)),
        }, ct);
    }

    private async Task<ImageProgress> ReceiveAsync(
        Template template, StoreImage to, WorkerSeat by, DateTimeOffset until, long largestBytes, CancellationToken ct)
    {
        var image = new EnsureImage
        {
            PoolId = to.StoreId.Value,
            ImageId = to.ObjectId,
            Source = new UploadLink(to.StoreId.Value, to.ObjectId, until).Source,
            Checksum = template.Checksum,
            Format = template.Format,
            MaxVirtualSizeBytes = largestBytes,
        };
        return await hosts.EnsureAsync(by.HostId, to.Subject, new EnsureImageInStore(by.WorkerId, image), ct);
    }

    /// <summary>Why a copy failed, as who asked for it is told.</summary>
    public static CloudException Failed(Template template, string where, ImageProgress progress) =>
        Refusal.Internal(string.Create(CultureInfo.InvariantCulture,
            $"The {template.Kind} {template.Name} cannot be copied to {where}: {progress.Error?.Text ?? "no reason was given"}"));

    private long LargestOf(Template image) =>
        (long)settings.Get(image.VolumeId is null ? ImageSettings.MaxTemplateSize : ImageSettings.MaxVolumeSize) << 30;

    private static EnsureImage FromStore(Template template, StoreImage from, Uri link, string? servedAt = null) => new()
    {
        PoolId = default,
        ImageId = default,
        Source = link.AbsoluteUri,
        Checksum = from.Checksum,
        Format = template.IsIso ? ImageFormat.Iso : ImageFormat.Qcow2,
        // The link is ours, wherever it leads.
        Allowed = servedAt is null ? [] : [servedAt + "/32"],
    };

    private async Task<EnsureImage> FromOutsideAsync(Template template, Guid place, Guid image, CancellationToken ct) => new()
    {
        PoolId = place,
        ImageId = image,
        Source = template.Url,
        Checksum = template.Checksum,
        Format = template.Format,
        MaxVirtualSizeBytes = LargestOf(template),
        Forbidden = await OwnNetworksAsync(ct),
        Allowed = [.. ImageSettings.NetworksOf(settings.Get(ImageSettings.AllowedInternalSites))!.Select(n => n.ToString())],
    };

    // Where agents, servers and stores listen.
    private async Task<IReadOnlyList<string>> OwnNetworksAsync(CancellationToken ct)
    {
        var pods = await db.Set<Pod>().Where(p => p.Gateway != null && p.Netmask != null).Select(p => new { p.Gateway, p.Netmask }).ToListAsync(ct);
        var storage = await db.Set<StorageIpRange>().Select(r => new { r.StartIp, r.Netmask }).ToListAsync(ct);
        return
        [
            .. pods.Select(p => Ipv4.NetworkOf(p.Gateway!, Ipv4.PrefixOf(p.Netmask!)))
                .Concat(storage.Select(r => Ipv4.NetworkOf(r.StartIp, Ipv4.PrefixOf(r.Netmask)))).Distinct().Select(n => n.ToString()),
        ];
    }
}
