using System.ComponentModel;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Transfers.Images;

/// <summary>Makes of a file from outside an image for pools: unpacks it, sees that it is what it is said to be, converts it.</summary>
public static class ImageImport
{
    // A packed appliance with a packed disk, and not one layer more.
    private const int MaxLayers = 3;

    /// <summary>The file is a qcow2 image afterwards, or the ISO it was, and leads nowhere out of itself.</summary>
    /// <param name="path">The file, converted in its place.</param>
    /// <param name="format">What it is said to be.</param>
    /// <param name="maxBytes">Limit of what unpacks, bytes.</param>
    /// <param name="maxVirtualSizeBytes">Limit of the size that guests see.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Whether anything had to be done to it.</returns>
    /// <exception cref="InvalidDataException">It is not what it is said to be, or leads out of itself; the rest of a sentence about it.</exception>
    /// <exception cref="TooLargeException">It is too large.</exception>
    public static async Task<bool> RunAsync(string path, ImageFormat format, long maxBytes, long maxVirtualSizeBytes, CancellationToken ct)
    {
        var (found, unpacked) = await UnpackAsync(path, format, maxBytes, ct);
        if (format == ImageFormat.Ova) format = ImageFormat.Vmdk;
        // One that can be put on a stick is a disk's bytes as well.
        if (found == ImageFormat.Iso && format == ImageFormat.Raw) found = ImageFormat.Raw;
        if (found != format) throw new InvalidDataException($"it is no {ImageHeads.NameOf(format)} image but {ImageHeads.NameOf(found)}");
        if (found is not (ImageFormat.Qcow2 or ImageFormat.Iso)) await ConvertAsync(path, found, maxBytes, ct);
        var size = found == ImageFormat.Iso ? new FileInfo(path).Length : (await Qcow2Header.ReadAsync(path, ct)).VirtualSizeBytes;
        if (size > maxVirtualSizeBytes) throw new TooLargeException($"its virtual size is {size} bytes; the limit is {maxVirtualSizeBytes}");
        return unpacked || found is not (ImageFormat.Qcow2 or ImageFormat.Iso);
    }

    private static async Task<(ImageFormat Found, bool Unpacked)> UnpackAsync(string path, ImageFormat format, long maxBytes, CancellationToken ct)
    {
        for (var layer = 0; ; layer++)
        {
            // What a tool reads must be what was written.
            DurableFile.Flush(path);
            if (layer < MaxLayers && await Unpacking.UnpackAsync(path, maxBytes, ct)) continue;
            var found = await ImageHeads.InspectAsync(path, ct);
            if (found != ImageFormat.Ova || format != ImageFormat.Ova || layer >= MaxLayers) return (found, layer > 0);
            await Unpacking.TakeDiskAsync(path, maxBytes, ct);
        }
    }

    private static async Task ConvertAsync(string path, ImageFormat format, long maxBytes, CancellationToken ct)
    {
        var driver = format switch
        {
            ImageFormat.Raw => "raw",
            ImageFormat.Vmdk => "vmdk",
            ImageFormat.Vhd => "vpc",
            ImageFormat.Vhdx => "vhdx",
            ImageFormat.Qcow2 or ImageFormat.Ova or ImageFormat.Iso => throw new InvalidEnumArgumentException(nameof(format), (int)format, typeof(ImageFormat)),
        };
        try
        {
            await QemuImg.ConvertAsync(path, driver, path + ".plain", maxBytes, ct);
        }
        catch (ShellException broken)
        {
            throw DiskFullException.Is(broken.Message)
                ? new DiskFullException()
                : new InvalidDataException($"it cannot be converted: {broken.Message}", broken);
        }
        File.Move(path + ".plain", path, overwrite: true);
    }
}
