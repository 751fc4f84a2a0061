using Stratiform.Linux;
using Stratiform.Protocol;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.Storage;

/// <summary>
/// A directory with images, the volumes that are linked clones of them, all qcow2, and ISOs. What is not whole has another name until
/// it is; clones name their image relative to themselves, so that hosts may mount a shared pool in different places.
/// </summary>
internal sealed class DirectoryPool(Guid id, string directory, string jobsFolder) : IStoragePool
{
    /// <summary>Below this nothing new is begun: guests' writes to thin volumes need the rest.</summary>
    private const long LeastFreeBytes = 32L << 20;

    // A clone must not appear between the look for clones and the end of their image.
    private SemaphoreSlim Links { get; } = new(1, 1);

    public Guid Id => id;

    public string Directory => directory;

    public IReadOnlyList<string> Jobs =>
    [
        .. System.IO.Directory.EnumerateDirectories(jobsFolder, $"image-{id}-*")
            .Select(job => JobNames.Image(id, Guid.Parse(job[^36..]))),
        .. SentVolumes.Select(volume => JobNames.Sending(id, volume)),
    ];

    private IEnumerable<Guid> SentVolumes =>
        System.IO.Directory.EnumerateDirectories(jobsFolder, $"send-{id}-*").Select(job => Guid.Parse(job[^36..]));

    private ImageFolder Images => new(Path.Combine(directory, "images"));

    private string VolumesFolder => Path.Combine(directory, "volumes");

    /// <summary>Makes the folders, and marks the directory as this pool's.</summary>
    public void Prepare()
    {
        if (!System.IO.Directory.Exists(Path.GetDirectoryName(directory)))
            throw new HostException(HostErrorCode.NotFound, $"{directory} cannot be made: its parent does not exist.");
        System.IO.Directory.CreateDirectory(Images.Path);
        System.IO.Directory.CreateDirectory(VolumesFolder);
        var mark = Path.Combine(directory, "pool");
        if (!File.Exists(mark)) DurableFile.Write(mark, $"{id}\n");
        else if (File.ReadAllText(mark).Trim() != id.ToString())
            throw new HostException(HostErrorCode.Invalid, $"{directory} is the pool {File.ReadAllText(mark).Trim()}, not {id}.");
    }

    /// <summary>Forgets what was being sent when the host went down.</summary>
    public void ForgetDeadJobs()
    {
        if (!System.IO.Directory.Exists(VolumesFolder)) return;
        foreach (var volume in SentVolumes.ToList()) SendingOf(volume).RemoveIfDead();
    }

    public Task<PoolReport> ReadSpaceAsync(CancellationToken ct)
    {
        var disk = new DriveInfo(directory);
        return Task.FromResult(new PoolReport(id, disk.TotalSize, disk.TotalSize - disk.TotalFreeSpace));
    }

    public async Task<PoolInventory> ReadAsync(CancellationToken ct) => new()
    {
        Space = await ReadSpaceAsync(ct),
        Volumes = [.. ImageFolder.Named(VolumesFolder, ImageFolder.Qcow2).Order()],
        Images = Images.Whole,
    };

    public Task<ImageProgress> EnsureImageAsync(EnsureImage image, CancellationToken ct) =>
        EnsureImageAsync(image, ImageSource.Check(image), isTrial: false, ct);

    public Task<ImageProgress> EnsureImageFromStoreAsync(EnsureImage image, CancellationToken ct)
    {
        var (url, shown) = ImageSource.CheckStore(image);
        return EnsureImageAsync(shown, url, isTrial: true, ct);
    }

    private async Task<ImageProgress> EnsureImageAsync(EnsureImage image, Uri url, bool isTrial, CancellationToken ct)
    {
        var target = Images.PathOf(image.ImageId, image.Format);
        var job = JobOf(image.ImageId, target);
        if (File.Exists(target))
        {
            job.Remove();
            var info = await ImageFolder.ReadAsync(target, ct);
            return ImageProgresses.Done(info.VirtualSizeBytes, info.ActualSizeBytes, job.Checksum);
        }
        if (!job.Exists && !HasRoom)
            return ImageProgresses.Failed(new HostError(HostErrorCode.NoSpace, $"The pool {id} is full."));
        return await job.AdvanceAsync(image, url, isTrial, ct);
    }

    public Uri? FindImage(Guid imageId) => Images.Find(imageId) is { } file ? new Uri(file) : null;

    public async Task EnsureNoImageAsync(Guid imageId, CancellationToken ct)
    {
        await Links.WaitAsync(ct);
        try
        {
            if (await CloneOfAsync(imageId, ct) is { } clone)
                throw new HostException(HostErrorCode.Failed, $"The volume {clone} on the pool {id} is a clone of the image {imageId}.");
            foreach (var file in Images.PathsOf(imageId))
            {
                var job = JobOf(imageId, file);
                job.Remove();
                File.Delete(file);
                File.Delete(job.ChecksumFile);
            }
        }
        finally
        {
            Links.Release();
        }
    }

    public async Task<VolumeReport> EnsureVolumeAsync(EnsureVolume volume, bool inUse, CancellationToken ct)
    {
        var path = VolumePath(volume.VolumeId);
        if (!File.Exists(path)) await LinkAsync(volume, path, ct);
        var info = await QemuImg.ReadAsync(path, ct);
        if (info.BackingFile != (volume.ImageId is { } imageId ? BackingOf(imageId) : null)) throw VolumeRefusals.OtherOrigin(volume);
        if (info.VirtualSizeBytes < volume.SizeBytes)
        {
            if (inUse) throw VolumeRefusals.InUse(volume);
            await QemuImg.GrowAsync(path, volume.SizeBytes, ct);
            info = await QemuImg.ReadAsync(path, ct);
        }
        return new VolumeReport(volume.VolumeId, info.VirtualSizeBytes, info.ActualSizeBytes);
    }

    public async Task<SendProgress> EnsureVolumeSentAsync(EnsureVolumeSent volume, CancellationToken ct)
    {
        var path = VolumePath(volume.VolumeId);
        if (!File.Exists(path)) throw VolumeRefusals.NotThere(id, volume.VolumeId);
        var bytes = await WholeBytesAsync(path, ct);
        var sending = SendingOf(volume.VolumeId);
        if (!sending.IsAbout(volume.AttemptId) && FreeBytes - bytes < LeastFreeBytes)
            return new(HostWorkState.Failed, 0, VolumeRefusals.NoRoomToSend(id, volume.VolumeId));
        return await sending.AdvanceAsync(volume, bytes, ct);
    }

    public Task EnsureNoVolumeSentAsync(Guid volumeId, CancellationToken ct)
    {
        SendingOf(volumeId).Remove();
        return Task.CompletedTask;
    }

    public Task EnsureNoVolumeAsync(Guid volumeId, CancellationToken ct)
    {
        SendingOf(volumeId).Remove();
        File.Delete(VolumePath(volumeId));
        File.Delete(VolumePath(volumeId) + ".partial");
        return Task.CompletedTask;
    }

    public Task<DiskSource> LocateAsync(Guid volumeId, CancellationToken ct) => File.Exists(VolumePath(volumeId))
        ? Task.FromResult(new DiskSource(VolumePath(volumeId), "qcow2"))
        : throw VolumeRefusals.NotThere(id, volumeId);

    private static string BackingOf(Guid imageId) => $"../images/{imageId}{ImageFolder.Qcow2}";

    private async Task LinkAsync(EnsureVolume volume, string path, CancellationToken ct)
    {
        await Links.WaitAsync(ct);
        try
        {
            await CreateAsync(volume, path, ct);
        }
        finally
        {
            Links.Release();
        }
    }

    private async Task<Guid?> CloneOfAsync(Guid imageId, CancellationToken ct)
    {
        foreach (var volume in ImageFolder.Named(VolumesFolder, ImageFolder.Qcow2))
        {
            if ((await QemuImg.ReadAsync(VolumePath(volume), ct)).BackingFile == BackingOf(imageId)) return volume;
        }
        return null;
    }

    private ImageCopyJob JobOf(Guid imageId, string target) => new(Path.Combine(jobsFolder, $"image-{id}-{imageId}"), target);

    private VolumeSending SendingOf(Guid volumeId) => new(Path.Combine(jobsFolder, $"send-{id}-{volumeId}"), VolumePath(volumeId));

    // What the volume has written, and at most all of what it is a clone of.
    private async Task<long> WholeBytesAsync(string volume, CancellationToken ct)
    {
        var info = await QemuImg.ReadAsync(volume, ct);
        return info.ActualSizeBytes + (info.BackingFile is { } image ? (await QemuImg.ReadAsync(Path.Combine(VolumesFolder, image), ct)).ActualSizeBytes : 0);
    }

    private async Task CreateAsync(EnsureVolume volume, string path, CancellationToken ct)
    {
        var (size, backing) = (volume.SizeBytes, (string?)null);
        if (volume.ImageId is { } imageId)
        {
            var image = Images.PathOf(imageId, ImageFormat.Qcow2);
            if (!File.Exists(image))
                throw new HostException(HostErrorCode.NotFound, $"The image {imageId} is not on the pool {id}.");
            size = Math.Max(size, (await QemuImg.ReadAsync(image, ct)).VirtualSizeBytes);
            backing = BackingOf(imageId);
        }
        if (!HasRoom) throw new HostException(HostErrorCode.NoSpace, $"The pool {id} is full.");
        await QemuImg.CreateAsync(path + ".partial", size, backing, ct);
        File.Move(path + ".partial", path);
    }

    private long FreeBytes => new DriveInfo(directory).AvailableFreeSpace;

    private bool HasRoom => FreeBytes >= LeastFreeBytes;

    private string VolumePath(Guid volumeId) => Path.Combine(VolumesFolder, volumeId + ImageFolder.Qcow2);
}
