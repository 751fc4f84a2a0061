using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Stores;

/// <summary>A disk of the machine, known by its serial, which becomes a file system each time somebody needs one.</summary>
/// <param name="folder">Where it is mounted.</param>
/// <param name="devices">Where the kernel describes disks.</param>
internal sealed class ScratchDisk(string folder, string devices = "/sys/block") : IScratchDisk
{
    // It outlives nothing, so it needs no journal; few files lie there, which are large. What only costs time is left for later or out.
    private static readonly string[] Shape =
        ["-q", "-F", "-t", "ext4", "-m", "0", "-T", "largefile4", "-O", "^has_journal,^resize_inode", "-E", "nodiscard,lazy_itable_init=1"];

    // What is deleted is the host's again at once.
    private const string Options = "nosuid,nodev,noexec,noatime,discard,noinit_itable";

    /// <inheritdoc/>
    public async Task<string> MountAsync(CancellationToken ct)
    {
        var device = Find() ?? throw new HostException(HostErrorCode.Unsupported,
            "What must be unpacked or converted cannot go to object storage by this secondary storage VM, which has no scratch disk: "
            + "destroy it (destroySystemVm), and one that has comes if its host has room; or add an NFS store to the zone.");
        if (IsMounted()) await RunAsync("umount", [folder], ct);
        Directory.CreateDirectory(folder);
        await RunAsync("mke2fs", [.. Shape, device], ct);
        await RunAsync("mount", ["-t", "ext4", "-o", Options, device, folder], ct);
        return folder;
    }

    /// <inheritdoc/>
    public async Task UnmountAsync()
    {
        // A program that was killed has its files open a moment longer; a disk that stays in use is unmounted by its next user.
        for (var tries = 50; (await Shell.TryRunAsync("umount", [folder])).ExitCode != 0; tries--)
        {
            if (tries == 0) return;
            await Task.Delay(100, CancellationToken.None);
        }
        await Shell.TryRunAsync("blkdiscard", ["-f", Find()!]);
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        var ended = await Shell.TryRunAsync(program, arguments, ct: ct);
        if (ended.ExitCode != 0)
            throw new HostException(HostErrorCode.Busy, $"The scratch disk of this secondary storage VM cannot be used, or its host is full: {ended.Errors.Trim()}");
    }

    private string? Find() => Directory.EnumerateDirectories(devices)
        .Where(device => File.Exists($"{device}/serial") && File.ReadAllText($"{device}/serial").Trim() == DomainSpec.ScratchSerial)
        .Select(device => $"/dev/{Path.GetFileName(device)}").FirstOrDefault();

    private bool IsMounted() => File.ReadLines("/proc/self/mounts").Any(line => line.Split(' ')[1] == folder);
}
