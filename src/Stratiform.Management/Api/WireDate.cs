using System.Globalization;

namespace Stratiform.Management.Api;

/// <summary>Dates on the wire: written as <c>2026-11-20T18:49:03+0000</c>, read in the three forms that clients send.</summary>
internal static class WireDate
{
    private const int LastSecondOfDay = 24 * 60 * 60 - 1;
    private static readonly string[] _moments = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd HH:mm:ss"];

    public static string Write(DateTimeOffset date) =>
        date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture);

    /// <summary>Reads a moment, or a day.</summary>
    /// <param name="text">What was sent.</param>
    /// <param name="endOfDay">A day alone means its last second instead of its first.</param>
    /// <param name="date">The moment.</param>
    public static bool TryRead(string text, bool endOfDay, out DateTimeOffset date)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        // A plus that a client forgot to escape arrives as a blank before the offset's four digits.
        var sent = text.Length == 24 && text[19] == ' ' ? text[..19] + "+" + text[20..] : text;
        if (DateTimeOffset.TryParseExact(sent, _moments, CultureInfo.InvariantCulture, Styles, out date)) return true;
        if (!DateTimeOffset.TryParseExact(sent, "yyyy-MM-dd", CultureInfo.InvariantCulture, Styles, out date)) return false;
        if (endOfDay) date = date.AddSeconds(LastSecondOfDay);
        return true;
    }
}
