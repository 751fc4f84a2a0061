using System.Buffers.Binary;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Transfers.Images;

/// <summary>
/// Tells what an image is by its first and last bytes, and refuses one that leads out of itself, before any tool opens it that
/// would follow. Layouts: docs/interop of QEMU, VMware's "Virtual Disk Format 1.1", Microsoft's "Virtual Hard Disk Image Format", ECMA-119
/// and ECMA-167 (volume recognition) for discs.
/// </summary>
internal static class ImageHeads
{
    private const int HeadBytes = 65536;
    private const int FooterBytes = 512;
    private const int DifferencingDisk = 4;

    // After 16 sectors each one names its standard, behind a byte for its type.
    private const int FirstDescriptor = 32769;
    private const int DiscSectorBytes = 2048;

    /// <summary>What the file is; <see cref="ImageFormat.Raw"/> for anything unknown.</summary>
    /// <exception cref="InvalidDataException">It leads out of itself.</exception>
    public static async Task<ImageFormat> InspectAsync(string path, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        var head = new byte[HeadBytes];
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
        var footer = new byte[FooterBytes];
        if (file.Length >= FooterBytes)
        {
            file.Position = file.Length - FooterBytes;
            await file.ReadExactlyAsync(footer, ct);
        }
        return Inspect(head.AsSpan(0, read), footer);
    }

    /// <summary>What a format is called.</summary>
    internal static string NameOf(ImageFormat format) => format.ToString().ToUpperInvariant();

    private static ImageFormat Inspect(ReadOnlySpan<byte> head, ReadOnlySpan<byte> footer)
    {
        if (head.StartsWith<byte>([0x51, 0x46, 0x49, 0xfb]))
        {
            Qcow2Header.Parse(head);
            return ImageFormat.Qcow2;
        }
        if (head.StartsWith("KDMV"u8) || head.StartsWith("COWD"u8) || head.StartsWith("# Disk DescriptorFile"u8))
        {
            RequireOneFile(head);
            return ImageFormat.Vmdk;
        }
        if (head.StartsWith("vhdxfile"u8)) return ImageFormat.Vhdx;
        if (head.StartsWith("conectix"u8) || footer.StartsWith("conectix"u8))
        {
            RequireWhole(head.StartsWith("conectix"u8) ? head : footer);
            RequireWhole(footer.StartsWith("conectix"u8) ? footer : head);
            return ImageFormat.Vhd;
        }
        if (IsDisc(head)) return ImageFormat.Iso;
        return head.Length > 262 && head[257..].StartsWith("ustar"u8) ? ImageFormat.Ova : ImageFormat.Raw;
    }

    // Its first sectors are free, so what can also be put on a stick has a disk's partition table there.
    internal static bool IsDisc(ReadOnlySpan<byte> head)
    {
        for (var at = FirstDescriptor; at + 5 <= head.Length; at += DiscSectorBytes)
        {
            var name = head.Slice(at, 5);
            if (name.SequenceEqual("CD001"u8) || name.SequenceEqual("NSR02"u8) || name.SequenceEqual("NSR03"u8)) return true;
            if (!name.SequenceEqual("BEA01"u8) && !name.SequenceEqual("BOOT2"u8)) return false;
        }
        return false;
    }

    // A description alone, and a header without capacity, name the files with the data; a hint names a parent.
    private static void RequireOneFile(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("KDMV"u8) || head.Length < 512 || BinaryPrimitives.ReadInt64LittleEndian(head[12..]) <= 0)
            throw new InvalidDataException("it keeps its data in other files");
        if (head.IndexOf("parentFileNameHint"u8) >= 0) throw new InvalidDataException("it has a parent image");
    }

    private static void RequireWhole(ReadOnlySpan<byte> footer)
    {
        if (BinaryPrimitives.ReadInt32BigEndian(footer[60..]) == DifferencingDisk) throw new InvalidDataException("it has a parent image");
    }
}
