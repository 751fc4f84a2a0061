using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using Stratiform.Linux;

namespace Stratiform.Transfers.Images;

/// <summary>Takes images out of what they came packed in. What comes out is limited: a few bytes may unpack to millions.</summary>
internal static class Unpacking
{
    // The unpacker sees nothing but its two streams, as nobody, with bounded memory, and is the first to end where that runs out.
    // By its path, for shells with commands of their own.
    private const string Script = """echo 1000 >/proc/self/oom_score_adj; exec /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs prlimit --fsize="$3" --as=1073741824 $4 <"$1" >"$2" """;

    // What a dictionary may take: some formats ask for more than a small machine has.
    private static readonly string Memory = Number(Math.Min(512 << 10, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024 * 2 / 3)) + "KiB";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(25);

    private static ReadOnlySpan<byte> Zip => [0x50, 0x4b, 0x03, 0x04];

    /// <summary>Whether a file that begins so is packed.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> head) => ProgramOf(head) is not null || head.StartsWith(Zip);

    /// <summary>Unpacks the file in its place, if it is packed.</summary>
    /// <returns>Whether it was.</returns>
    /// <exception cref="InvalidDataException">It is broken, or holds not one file.</exception>
    /// <exception cref="TooLargeException">More than <paramref name="maxBytes"/> come out.</exception>
    public static async Task<bool> UnpackAsync(string path, long maxBytes, CancellationToken ct)
    {
        var head = new byte[6];
        await using (var file = File.OpenRead(path)) await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
        if (ProgramOf(head) is { } program) await RunAsync(program, path, maxBytes, ct);
        else if (head.AsSpan().StartsWith(Zip)) await UnzipAsync(path, maxBytes, ct);
        else return false;
        return true;
    }

    /// <summary>Puts the one disk of an appliance in the archive's place.</summary>
    public static async Task TakeDiskAsync(string path, long maxBytes, CancellationToken ct)
    {
        var disks = 0;
        await using (var archive = File.OpenRead(path))
        await using (var reader = new TarReader(archive))
        {
            while (await reader.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                if (entry.DataStream is null || !entry.Name.EndsWith(".vmdk", StringComparison.OrdinalIgnoreCase)) continue;
                if (++disks > 1) throw new InvalidDataException("it has several disks; register the image of each");
                await CopyAsync(entry.DataStream, path + ".plain", maxBytes, ct);
            }
        }
        if (disks == 0) throw new InvalidDataException("it is an archive without a disk (.vmdk)");
        File.Move(path + ".plain", path, overwrite: true);
    }

    private static string? ProgramOf(ReadOnlySpan<byte> head) =>
        head.StartsWith<byte>([0x1f, 0x8b]) ? "gzip -dc"
        : head.StartsWith("BZh"u8) ? "bzip2 -dc"
        : head.StartsWith<byte>([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) ? "xz -dc --memlimit-decompress=" + Memory
        : head.StartsWith<byte>([0x28, 0xb5, 0x2f, 0xfd]) ? "zstd -dcq --memory=" + Memory
        : null;

    private static async Task RunAsync(string program, string path, long maxBytes, CancellationToken ct)
    {
        var plain = path + ".plain";
        // The limit itself would be hit by a file of just this size.
        string[] words = [path, plain, Number(maxBytes + 1), program];
        var ended = await Shell.TryRunAsync("sh", ["-c", Script, "sh", .. words], Limit, ct);
        if (File.Exists(plain) && new FileInfo(plain).Length > maxBytes) throw TooLargeException.Than(maxBytes);
        if (DiskFullException.Is(ended.Errors)) throw new DiskFullException();
        if (ended.ExitCode != 0) throw new InvalidDataException($"it cannot be unpacked: {ended.Errors.Trim()}");
        File.Move(plain, path, overwrite: true);
    }

    private static async Task UnzipAsync(string path, long maxBytes, CancellationToken ct)
    {
        await using (var archive = await ZipFile.OpenReadAsync(path, ct))
        {
            if (archive.Entries.Count != 1) throw new InvalidDataException($"it holds {archive.Entries.Count} files instead of one image");
            await using var entry = await archive.Entries[0].OpenAsync(ct);
            await CopyAsync(entry, path + ".plain", maxBytes, ct);
        }
        File.Move(path + ".plain", path, overwrite: true);
    }

    private static async Task CopyAsync(Stream from, string to, long maxBytes, CancellationToken ct)
    {
        await using var file = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        var buffer = new byte[256 << 10];
        while (await from.ReadAsync(buffer, ct) is var read && read > 0)
        {
            if (file.Position + read > maxBytes) throw TooLargeException.Than(maxBytes);
            await file.WriteAsync(buffer.AsMemory(0, read), ct);
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
