using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Transfers.Images;

/// <summary>An image that goes where nothing can be done to it: it must be one of ours as it comes.</summary>
public static class PlainImage
{
    /// <summary>Bytes that tell whether something is packed.</summary>
    public const int MarkBytes = 6;

    /// <summary>Whether one of this format may be one of ours as it comes.</summary>
    public static bool IsOf(ImageFormat format) => format is ImageFormat.Qcow2 or ImageFormat.Iso;

    /// <summary>Refuses what must be unpacked first, by its beginning.</summary>
    /// <exception cref="NotPlainException">It is.</exception>
    public static void RequireUnpacked(ReadOnlySpan<byte> head)
    {
        if (Unpacking.IsPacked(head)) throw new NotPlainException();
    }

    /// <summary>Reads its beginning, up to 64 KiB of it.</summary>
    /// <param name="head">The beginning.</param>
    /// <param name="format">What it is said to be, see <see cref="IsOf"/>.</param>
    /// <returns>The size that guests see; null for a disc, which is what it is.</returns>
    /// <exception cref="NotPlainException">It would have to be unpacked.</exception>
    /// <exception cref="InvalidDataException">It is none, or leads out of itself; the rest of a sentence about it.</exception>
    public static long? Require(ReadOnlySpan<byte> head, ImageFormat format)
    {
        RequireUnpacked(head);
        if (format != ImageFormat.Iso) return Qcow2Header.Parse(head).VirtualSizeBytes;
        return ImageHeads.IsDisc(head) ? null : throw new InvalidDataException($"it is no {ImageHeads.NameOf(format)} image");
    }
}

/// <summary>An image is good, but not as it comes.</summary>
public sealed class NotPlainException() : Exception("it is packed");
