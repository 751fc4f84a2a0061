using System.Runtime.InteropServices;

namespace Stratiform.Linux;

/// <summary>The C library's heap of this process.</summary>
public static partial class NativeHeap
{
    /// <summary>Gives back to the machine what is free in it.</summary>
    public static void Trim() => _ = TrimTo(0);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimTo(nuint keep);
}
