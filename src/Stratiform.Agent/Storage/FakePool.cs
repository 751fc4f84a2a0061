using System.Net;
using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.Storage;

/// <summary>A pool of which only the book-keeping exists: sizes, clones, copies under way.</summary>
internal sealed class FakePool(FakePools host, FakeDisks disks, FakeContent content, Guid id, string path) : IStoragePool
{
    private const long EmptyVolumeBytes = 196_624;

    public Guid Id => id;

    public string Directory => path;

    public IReadOnlyList<string> Jobs
    {
        get
        {
            lock (content) return [.. content.Copies.Keys.Select(image => JobNames.Image(id, image))];
        }
    }

    public Task<PoolReport> ReadSpaceAsync(CancellationToken ct)
    {
        lock (content) return Task.FromResult(Space());
    }

    public Task<PoolInventory> ReadAsync(CancellationToken ct)
    {
        lock (content)
        {
            return Task.FromResult(new PoolInventory
            {
                Space = Space(),
                Volumes = [.. content.Volumes.Keys.Order()],
                Images = [.. content.Images.Keys.Order()],
            });
        }
    }

    public Task<ImageProgress> EnsureImageAsync(EnsureImage image, IStoragePool? from, CancellationToken ct)
    {
        ImageSource.Check(image);
        var isGone = false;
        var source = disks.Find(image);
        if (image.From is { } copy && from is FakePool other)
        {
            isGone = other.Find(copy.ImageId) is null;
            source = other.Find(copy.ImageId) ?? source;
        }
        lock (content)
        {
            if (content.Images.TryGetValue(image.ImageId, out var there)) return Task.FromResult(Done(there));
            var polls = content.Copies.GetValueOrDefault(image.ImageId);
            if (polls == 0 && isGone) return Task.FromResult(ImageSource.NotThere(image));
            if (polls < disks.PollsOfACopy)
            {
                content.Copies[image.ImageId] = polls + 1;
                return Task.FromResult(ImageProgresses.Running(100 * polls / disks.PollsOfACopy));
            }
            content.Copies.Remove(image.ImageId);
            if (Refusal(image, source) is { } error) return Task.FromResult(ImageProgresses.Failed(error));
            content.Images[image.ImageId] = source;
            return Task.FromResult(Done(source));
        }
    }

    public Uri? FindImage(Guid imageId) => Find(imageId) is null ? null : new Uri($"file://{path}/images/{imageId}");

    public Task EnsureNoImageAsync(Guid imageId, CancellationToken ct)
    {
        lock (content)
        {
            if (content.Volumes.Values.Any(volume => volume.ImageId == imageId))
                throw new HostException(HostErrorCode.Failed, $"Volumes on the pool {id} are clones of the image {imageId}.");
            content.Copies.Remove(imageId);
            content.Images.Remove(imageId);
        }
        return Task.CompletedTask;
    }

    public Task<VolumeReport> EnsureVolumeAsync(EnsureVolume volume, bool inUse, CancellationToken ct)
    {
        lock (content)
        {
            if (!content.Volumes.TryGetValue(volume.VolumeId, out var there)) there = Create(volume);
            else if (there.ImageId != volume.ImageId)
                throw VolumeRefusals.OtherOrigin(volume);
            if (there.SizeBytes < volume.SizeBytes)
            {
                if (inUse) throw VolumeRefusals.InUse(volume);
                there = there with { SizeBytes = volume.SizeBytes };
            }
            content.Volumes[volume.VolumeId] = there;
            return Task.FromResult(new VolumeReport(volume.VolumeId, there.SizeBytes, EmptyVolumeBytes));
        }
    }

    public Task EnsureNoVolumeAsync(Guid volumeId, CancellationToken ct)
    {
        lock (content) content.Volumes.Remove(volumeId);
        return Task.CompletedTask;
    }

    public Task<DiskSource> LocateAsync(Guid volumeId, CancellationToken ct)
    {
        lock (content)
        {
            return content.Volumes.ContainsKey(volumeId)
                ? Task.FromResult(new DiskSource($"{path}/volumes/{volumeId}", "qcow2"))
                : throw new HostException(HostErrorCode.NotFound, $"The volume {volumeId} is not on the pool {id}.");
        }
    }

    private FakeSource? Find(Guid imageId)
    {
        lock (content) return content.Images.GetValueOrDefault(imageId);
    }

    private static ImageProgress Done(FakeSource image) => ImageProgresses.Done(image.VirtualSizeBytes, image.PhysicalSizeBytes, image.Checksum);

    private FakeVolume Create(EnsureVolume volume)
    {
        var size = volume.SizeBytes;
        if (volume.ImageId is { } imageId)
        {
            if (!content.Images.TryGetValue(imageId, out var image))
                throw new HostException(HostErrorCode.NotFound, $"The image {imageId} is not on the pool {id}.");
            size = Math.Max(size, image.VirtualSizeBytes);
        }
        if (!Fits(EmptyVolumeBytes)) throw new HostException(HostErrorCode.NoSpace, $"The pool {id} is full.");
        return new FakeVolume(size, volume.ImageId);
    }

    private HostError? Refusal(EnsureImage image, FakeSource source) =>
        source.IsMissing ? new HostError(HostErrorCode.NotFound, $"There is nothing at {image.Source}.")
        : LeadsInside(image) ? new HostError(HostErrorCode.Invalid, $"{image.Source} is not accepted: it leads into the cloud.")
        : source.IsCorrupt ? new HostError(HostErrorCode.Corrupt, $"{image.Source} is no sound qcow2 image.")
        : source.Format != image.Format && image.From is null
            ? new HostError(HostErrorCode.Corrupt, $"{image.Source} is no {image.Format} image but {source.Format}.")
        : image.Checksum.Length > 0 && source.Checksum.Length > 0
            && !string.Equals(image.Checksum, source.Checksum, StringComparison.OrdinalIgnoreCase)
            ? new HostError(HostErrorCode.Corrupt, $"{image.Source} does not have the checksum {image.Checksum}.")
        : source.VirtualSizeBytes > image.MaxVirtualSizeBytes ? ImageSource.TooLarge(image, source.VirtualSizeBytes)
        : !Fits(source.PhysicalSizeBytes) ? new HostError(HostErrorCode.NoSpace, $"{image.Source} does not fit on the pool {id}.")
        : null;

    // Names lead nowhere here; addresses are judged as a real host would.
    private static bool LeadsInside(EnsureImage image) => image.From is null
        && IPAddress.TryParse(new Uri(image.Source).DnsSafeHost, out var address)
        && !new AddressGuard([.. image.Forbidden.Select(text => IPNetwork.Parse(text))], [.. image.Allowed.Select(text => IPNetwork.Parse(text))]).Allows(address);

    private bool Fits(long bytes) => !host.IsFull && Space() is var space && space.UsedBytes + bytes <= space.CapacityBytes;

    private PoolReport Space()
    {
        var used = content.Images.Values.Sum(image => image.PhysicalSizeBytes) + content.Volumes.Count * EmptyVolumeBytes;
        return new PoolReport(id, disks.CapacityBytes, host.IsFull ? disks.CapacityBytes : used);
    }
}
