using Stratiform.Protocol;
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
            lock (content)
            {
                return
                [
                    .. content.Copies.Keys.Select(image => JobNames.Image(id, image)),
                    .. content.Sendings.Keys.Select(volume => JobNames.Sending(id, volume)),
                ];
            }
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

    public async Task<ImageProgress> EnsureImageAsync(EnsureImage image, CancellationToken ct)
    {
        ImageSource.Check(image);
        return Bring(image, await disks.FindAsync(image, ct));
    }

    public Task<ImageProgress> EnsureImageFromStoreAsync(EnsureImage image, CancellationToken ct)
    {
        if (host.IsOld) throw new HostException(HostErrorCode.Unsupported, $"This agent does not know the message {nameof(EnsureImageFromStore)}.");
        var (url, shown) = ImageSource.CheckStore(image);
        return Task.FromResult(Bring(shown, host.ReachesStores ? disks.FindInStore(url) : null));
    }

    // What is not reached is null.
    private ImageProgress Bring(EnsureImage image, FakeSource? source)
    {
        lock (content)
        {
            if (content.Images.TryGetValue(image.ImageId, out var there)) return FakeCopies.Done(there);
            if (disks.Advance(content.Copies, image.ImageId) is { } underWay) return underWay;
            if (source is null) return ImageProgresses.Failed(FakeCopies.Unreachable(image));
            if (FakeCopies.Refusal(image, source, Fits) is { } error) return ImageProgresses.Failed(error);
            content.Images[image.ImageId] = source;
            return FakeCopies.Done(source);
        }
    }

    public Uri? FindImage(Guid imageId)
    {
        lock (content) return content.Images.ContainsKey(imageId) ? new Uri($"file://{path}/images/{imageId}") : null;
    }

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
        lock (content)
        {
            content.Sendings.Remove(volumeId);
            content.Volumes.Remove(volumeId);
        }
        return Task.CompletedTask;
    }

    public async Task<SendProgress> EnsureVolumeSentAsync(EnsureVolumeSent volume, CancellationToken ct)
    {
        FakeSource image;
        lock (content)
        {
            image = Whole(volume.VolumeId);
            if (Advance(volume, image) is { } progress) return progress;
        }
        var error = await disks.PostAsync(volume, image, ct);
        lock (content)
        {
            if (error is null) content.Sendings[volume.VolumeId] = new FakeSending(volume.AttemptId, IsDone: true);
            else content.Sendings.Remove(volume.VolumeId);
        }
        return error is null ? new(HostWorkState.Done, 100) : new(HostWorkState.Failed, 0, error);
    }

    public Task EnsureNoVolumeSentAsync(Guid volumeId, CancellationToken ct)
    {
        lock (content) content.Sendings.Remove(volumeId);
        return Task.CompletedTask;
    }

    public Task<DiskSource> LocateAsync(Guid volumeId, CancellationToken ct)
    {
        lock (content)
        {
            return content.Volumes.ContainsKey(volumeId)
                ? Task.FromResult(new DiskSource($"{path}/volumes/{volumeId}", "qcow2"))
                : throw VolumeRefusals.NotThere(id, volumeId);
        }
    }

    // What it is sent as: all of it and of what it is a clone of.
    private FakeSource Whole(Guid volumeId)
    {
        if (!content.Volumes.TryGetValue(volumeId, out var volume)) throw VolumeRefusals.NotThere(id, volumeId);
        var below = volume.ImageId is { } image ? content.Images[image].PhysicalSizeBytes : 0;
        return new FakeSource(volume.SizeBytes, below + EmptyVolumeBytes);
    }

    // Null when it is all made, and has yet to be posted.
    private SendProgress? Advance(EnsureVolumeSent volume, FakeSource image)
    {
        var sending = content.Sendings.GetValueOrDefault(volume.VolumeId);
        if (sending?.AttemptId != volume.AttemptId)
        {
            content.Sendings.Remove(volume.VolumeId);
            if (!Fits(image.PhysicalSizeBytes)) return new(HostWorkState.Failed, 0, VolumeRefusals.NoRoomToSend(id, volume.VolumeId));
            sending = new FakeSending(volume.AttemptId);
        }
        if (sending.IsDone) return new(HostWorkState.Done, 100);
        if (sending.Polls >= disks.PollsOfACopy) return null;
        content.Sendings[volume.VolumeId] = sending with { Polls = sending.Polls + 1 };
        return new(HostWorkState.Running, 50 * sending.Polls / Math.Max(1, disks.PollsOfACopy));
    }

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

    private bool Fits(long bytes) => !host.IsFull && Space() is var space && space.UsedBytes + bytes <= space.CapacityBytes;

    private PoolReport Space()
    {
        var used = content.Images.Values.Sum(image => image.PhysicalSizeBytes) + content.Volumes.Count * EmptyVolumeBytes;
        return new PoolReport(id, disks.CapacityBytes, host.IsFull ? disks.CapacityBytes : used);
    }
}
