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
    ];

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

    public async Task<ImageProgress> EnsureImageAsync(EnsureImage image, CancellationToken ct)
    {
        var url = ImageSource.Check(image);
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
        return await job.AdvanceAsync(image, url, ct);
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

    public Task EnsureNoVolumeAsync(Guid volumeId, CancellationToken ct)
    {
        File.Delete(VolumePath(volumeId));
        File.Delete(VolumePath(volumeId) + ".partial");
        return Task.CompletedTask;
    }

    public Task<DiskSource> LocateAsync(Guid volumeId, CancellationToken ct) => File.Exists(VolumePath(volumeId))
        ? Task.FromResult(new DiskSource(VolumePath(volumeId), "qcow2"))
        : throw new HostException(HostErrorCode.NotFound, $"The volume {volumeId} is not on the pool {id}.");

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

    private bool HasRoom => new DriveInfo(directory).AvailableFreeSpace >= LeastFreeBytes;

    private string VolumePath(Guid volumeId) => Path.Combine(VolumesFolder, volumeId + ImageFolder.Qcow2);
}
