using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Transfers.Images;

/// <summary>An image that goes where nothing can be done to it: it must be one of ours as it comes.</summary>
public static class PlainImage
{
    /// <summary>Refuses what must be made of something else first.</summary>
    /// <exception cref="NotPlainException">It is.</exception>
    public static void RequireFormat(ImageFormat format)
    {
        if (format is not (ImageFormat.Qcow2 or ImageFormat.Iso)) throw new NotPlainException($"it is {ImageHeads.NameOf(format)}");
    }

    /// <summary>Reads its beginning, up to 64 KiB of it.</summary>
    /// <param name="head">The beginning.</param>
    /// <param name="format">What it is said to be, see <see cref="RequireFormat"/>.</param>
    /// <returns>The size that guests see; null for a disc, which is what it is.</returns>
    /// <exception cref="NotPlainException">It would have to be unpacked.</exception>
    /// <exception cref="InvalidDataException">It is none, or leads out of itself; the rest of a sentence about it.</exception>
    public static long? Require(ReadOnlySpan<byte> head, ImageFormat format)
    {
        if (Unpacking.IsPacked(head)) throw new NotPlainException("it is packed");
        if (format != ImageFormat.Iso) return Qcow2Header.Parse(head).VirtualSizeBytes;
        return ImageHeads.IsDisc(head) ? null : throw new InvalidDataException($"it is no {ImageHeads.NameOf(format)} image");
    }
}

/// <summary>An image is good, but not as it comes.</summary>
/// <param name="text">The rest of a sentence about it.</param>
public sealed class NotPlainException(string text) : Exception(text);
