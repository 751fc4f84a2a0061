using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stratiform.SystemVm.Tests;

/// <summary>Contents that are images, as far as anybody looks without a tool.</summary>
internal static class Disks
{
    public const long VirtualSize = 1 << 30;

    /// <summary>A qcow2 header with noise behind it.</summary>
    public static byte[] Qcow2(int bytes = 1 << 20, long virtualSize = VirtualSize)
    {
        var disk = new byte[bytes];
        new Random(7).NextBytes(disk.AsSpan(512));
        BinaryPrimitives.WriteUInt32BigEndian(disk, 0x514649FB);
        BinaryPrimitives.WriteUInt32BigEndian(disk.AsSpan(4), 2);
        BinaryPrimitives.WriteInt64BigEndian(disk.AsSpan(24), virtualSize);
        return disk;
    }

    public static byte[] Iso()
    {
        var disc = new byte[1 << 20];
        "CD001"u8.CopyTo(disc.AsSpan(32769));
        return disc;
    }

    public static byte[] WithBackingFile()
    {
        var disk = Qcow2();
        BinaryPrimitives.WriteInt64BigEndian(disk.AsSpan(8), 400);
        BinaryPrimitives.WriteInt32BigEndian(disk.AsSpan(16), 11);
        return disk;
    }

    public static string Sum(byte[] content) => $"{{SHA-256}}{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
