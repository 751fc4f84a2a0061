using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Stratiform.Protocol;

/// <summary>The identity of one <typeparamref name="T"/>: a UUID that cannot be mistaken for another kind's.</summary>
/// <param name="Value">The UUID; never the nil UUID once drawn by <see cref="Id"/>.</param>
public readonly record struct Id<T>(Guid Value) : IComparable<Id<T>>
{
    /// <summary>Orders ids as PostgreSQL does: by their bytes, which for version 7 is by time.</summary>
    public int CompareTo(Id<T> other) => string.CompareOrdinal(ToString(), other.ToString());

    /// <summary>The UUID in its usual 36 lower-case characters.</summary>
    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);

    /// <summary>Earlier ids are smaller.</summary>
    public static bool operator <(Id<T> left, Id<T> right) => left.CompareTo(right) < 0;

    /// <summary>Earlier ids are smaller or equal.</summary>
    public static bool operator <=(Id<T> left, Id<T> right) => left.CompareTo(right) <= 0;

    /// <summary>Later ids are greater.</summary>
    public static bool operator >(Id<T> left, Id<T> right) => left.CompareTo(right) > 0;

    /// <summary>Later ids are greater or equal.</summary>
    public static bool operator >=(Id<T> left, Id<T> right) => left.CompareTo(right) >= 0;
}

/// <summary>Draws ids: new ones in order of time, derived ones the same again for the same origin.</summary>
public static class Id
{
    /// <summary>A new version-7 UUID (RFC 9562): later ids sort after those of earlier milliseconds.</summary>
    public static Id<T> New<T>() => new(Guid.CreateVersion7());

    /// <summary>A version-8 UUID from an origin and words: the same each time, so that work repeated creates nothing twice.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "Not a secret: a stable name.")]
    public static Guid Derive(Guid origin, params ReadOnlySpan<string> words)
    {
        var text = new StringBuilder(origin.ToString("D", CultureInfo.InvariantCulture));
        foreach (var word in words) text.Append('/').Append(word);
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
