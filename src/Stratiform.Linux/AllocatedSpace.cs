using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Stratiform.Linux;

/// <summary>What files take on the disk, which is less than their length where they have holes. See statx(2).</summary>
public static partial class AllocatedSpace
{
    private const int CurrentFolder = -100;
    private const uint Blocks = 0x400;
    private const int BlocksAt = 48;
    private const int BlockBytes = 512;
    private const int AnswerBytes = 256;

    /// <summary>Bytes that a file takes.</summary>
    /// <exception cref="FileNotFoundException">It cannot be looked at.</exception>
    public static long Of(string path)
    {
        Span<byte> answer = stackalloc byte[AnswerBytes];
        if (Statx(CurrentFolder, path, 0, Blocks, ref MemoryMarshal.GetReference(answer)) != 0)
            throw new FileNotFoundException(new Win32Exception(Marshal.GetLastPInvokeError()).Message, path);
        return BlockBytes * MemoryMarshal.Read<long>(answer[BlocksAt..]);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint asked, ref byte answer);
}
