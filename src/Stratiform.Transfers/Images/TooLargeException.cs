namespace Stratiform.Transfers.Images;

/// <summary>More comes out of an image than is allowed.</summary>
/// <param name="text">The rest of a sentence about it.</param>
public sealed class TooLargeException(string text) : Exception(text)
{
    internal static TooLargeException Than(long maxBytes) => new($"more than {maxBytes} bytes come out of it");
}

/// <summary>The disk is full.</summary>
public sealed class DiskFullException() : IOException("the disk is full", DiskErrors.OutOfSpace)
{
    /// <summary>Whether a program failed for that.</summary>
    internal static bool Is(string said) => said.Contains("No space left on device", StringComparison.Ordinal);
}
