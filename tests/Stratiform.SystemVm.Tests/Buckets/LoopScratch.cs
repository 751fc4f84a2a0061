using Microsoft.Win32.SafeHandles;
using Stratiform.Linux;
using Stratiform.Protocol;
using Stratiform.SystemVm.Stores;

namespace Stratiform.SystemVm.Tests.Buckets;

/// <summary>A real scratch disk: a sparse file on a small file system, as a host makes it, that the kernel sees as a disk. Needs root.</summary>
internal sealed class LoopScratch : IScratchDisk, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("scratch").FullName;
    private SafeFileHandle? _held;
    private ScratchDisk? _disk;

    /// <summary>What lies on it, while it is there.</summary>
    public IReadOnlyList<string> Files => [.. Directory.EnumerateFiles(Mounted).Select(file => Path.GetFileName(file)!)];

    /// <summary>Bytes that the host has lent.</summary>
    public long UsedBytes => new DriveInfo(Host) is var host ? host.TotalSize - host.TotalFreeSpace : 0;

    /// <summary>Names of other programs that have files open on it.</summary>
    public IReadOnlyList<string> Users =>
        [.. Directory.EnumerateDirectories("/proc").Where(process => int.TryParse(Path.GetFileName(process), out var id) && id != Environment.ProcessId && HasOpen(process))
            .Select(NameOf)];

    public bool IsMounted => File.ReadAllText("/proc/self/mounts").Contains($" {Mounted} ", StringComparison.Ordinal);

    private string Host => $"{_folder}/host";

    private string Mounted => $"{_folder}/mounted";

    /// <param name="mib">Its size, MiB; 0 for none.</param>
    /// <param name="hostMib">How much the host has.</param>
    public static async Task<LoopScratch> MakeAsync(int mib, int hostMib)
    {
        var made = new LoopScratch();
        Directory.CreateDirectory(made.Host);
        await Shell.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={hostMib}m", "host", made.Host]);
        var known = Directory.CreateDirectory($"{made._folder}/devices").FullName;
        if (mib > 0)
        {
            await Shell.RunAsync("truncate", ["-s", $"{mib}M", $"{made.Host}/disk"]);
            var device = (await Shell.RunAsync("losetup", ["-f", "--show", $"{made.Host}/disk"])).Trim();
            // It goes when nobody holds it any more, however this process ends.
            made._held = File.OpenHandle(device, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await Shell.RunAsync("losetup", ["-d", device]);
            Directory.CreateDirectory($"{known}/{Path.GetFileName(device)}");
            await File.WriteAllTextAsync($"{known}/{Path.GetFileName(device)}/serial", DomainSpec.ScratchSerial);
        }
        made._disk = new ScratchDisk(made.Mounted, known);
        return made;
    }

    private bool HasOpen(string process)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"{process}/fd").Any(file => new FileInfo(file).LinkTarget?.StartsWith(Mounted, StringComparison.Ordinal) == true);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // One that ends while it is looked at has no name.
    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    public Task<string> MountAsync(CancellationToken ct) => _disk!.MountAsync(ct);

    public Task UnmountAsync() => _disk!.UnmountAsync();

    public async ValueTask DisposeAsync()
    {
        if (IsMounted) await Shell.RunAsync("umount", [Mounted]);
        _held?.Dispose();
        await Shell.RunAsync("umount", [Host]);
        Directory.Delete(_folder, recursive: true);
    }
}
