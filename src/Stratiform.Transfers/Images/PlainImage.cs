using Stratiform.Linux;

namespace Stratiform.Transfers.Images;

/// <summary>An image that goes where nothing can be done to it: it must be one of ours as it comes.</summary>
public static class PlainImage
{
    /// <summary>Reads its beginning, up to 64 KiB of it.</summary>
    /// <exception cref="NotPlainException">It would have to be unpacked.</exception>
    /// <exception cref="InvalidDataException">It is none, or leads out of itself; the rest of a sentence about it.</exception>
    public static Qcow2Header Require(ReadOnlySpan<byte> head) => Unpacking.IsPacked(head)
        ? throw new NotPlainException("it is packed")
        : Qcow2Header.Parse(head);
}

/// <summary>An image is good, but not as it comes.</summary>
/// <param name="text">The rest of a sentence about it.</param>
public sealed class NotPlainException(string text) : Exception(text);
