using System.Buffers.Binary;

namespace Stratiform.Linux;

/// <summary>
/// The beginning of a qcow2 image, read without any tool that could be tricked: an image from outside may name files of the
/// host as its backing or data file. Layout: docs/interop/qcow2.rst of QEMU.
/// </summary>
/// <param name="VirtualSizeBytes">Size that a guest sees.</param>
public sealed record Qcow2Header(long VirtualSizeBytes)
{
    private const uint Magic = 0x514649FB;
    private const uint DataFileExtension = 0x44415441;
    private const ulong CorruptBit = 2;
    private const ulong ExternalDataBit = 4;

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="InvalidDataException">It is no qcow2 image, or one that leads out of itself.</exception>
    public static async Task<Qcow2Header> ReadAsync(string path, CancellationToken ct)
    {
        var head = new byte[65536];
        await using var file = File.OpenRead(path);
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
        return Parse(head.AsSpan(0, read));
    }

    /// <summary>Whether bytes begin as a qcow2 image does.</summary>
    public static bool IsAt(ReadOnlySpan<byte> head) => head.Length >= 4 && Word(head, 0) == Magic;

    /// <summary>Reads a header from the first bytes of an image.</summary>
    /// <exception cref="InvalidDataException">It is no qcow2 image, or one that leads out of itself.</exception>
    public static Qcow2Header Parse(ReadOnlySpan<byte> head)
    {
        if (head.Length < 72 || !IsAt(head)) throw new InvalidDataException("it is no qcow2 image");
        var version = Word(head, 4);
        if (version is not (2 or 3) || (version == 3 && head.Length < 104)) throw new InvalidDataException("its qcow2 version is unknown");
        if (Long(head, 8) != 0 || Word(head, 16) != 0) throw new InvalidDataException("it has a backing file");
        if (Word(head, 32) != 0) throw new InvalidDataException("it is encrypted");
        var features = version == 3 ? Long(head, 72) : 0;
        if ((features & CorruptBit) != 0) throw new InvalidDataException("it is marked as corrupt");
        if ((features & ExternalDataBit) != 0 || HasDataFile(head, version == 3 ? (int)Math.Min(Word(head, 100), 65536) : 72))
            throw new InvalidDataException("it keeps its data in another file");
        var size = Long(head, 24);
        return size is > 0 and <= long.MaxValue ? new Qcow2Header((long)size) : throw new InvalidDataException("it has no size");
    }

    private static bool HasDataFile(ReadOnlySpan<byte> head, int at)
    {
        while (at + 8 <= head.Length && Word(head, at) is var type && type != 0)
        {
            if (type == DataFileExtension) return true;
            at = (int)Math.Min(at + 8L + ((Word(head, at + 4) + 7L) & ~7L), head.Length);
        }
        return false;
    }

    private static uint Word(ReadOnlySpan<byte> head, int at) => BinaryPrimitives.ReadUInt32BigEndian(head[at..]);

    private static ulong Long(ReadOnlySpan<byte> head, int at) => BinaryPrimitives.ReadUInt64BigEndian(head[at..]);
}
