namespace Stratiform.Agent.Compute;

/// <summary>
/// Disks that domains have for as long as they are known to the host: sparse files on its own file system, away from all pools. Who wants
/// them in a place of their own mounts it here.
/// </summary>
/// <param name="folder">Where they lie.</param>
internal sealed class ScratchDisks(string folder)
{
    /// <summary>One that is smaller is of no use to anybody.</summary>
    private const long LeastBytes = 256L << 20;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// An empty one is there. It has at most half of what is free here and promised to no other: together they cannot fill the file
    /// system, unless something else does.
    /// </summary>
    /// <param name="domainId">The domain.</param>
    /// <param name="wantedBytes">Its size where there is room for that; 0 for none.</param>
    /// <returns>Its file; null when there is none.</returns>
    public string? Make(Guid domainId, long wantedBytes)
    {
        Remove(domainId);
        if (wantedBytes == 0) return null;
        Directory.CreateDirectory(folder);
        var promised = Directory.EnumerateFiles(folder).Sum(other => new FileInfo(other).Length);
        var bytes = Math.Min(wantedBytes, (new DriveInfo(folder).AvailableFreeSpace - promised) / 2) / LeastBytes * LeastBytes;
        if (bytes <= 0) return null;
        using var file = new FileStream(
            PathOf(domainId), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private });
        file.SetLength(bytes);
        return file.Name;
    }

    /// <summary>There is none.</summary>
    public void Remove(Guid domainId)
    {
        if (Directory.Exists(folder)) File.Delete(PathOf(domainId));
    }

    private string PathOf(Guid domainId) => Path.Combine(folder, $"{domainId}.raw");
}
