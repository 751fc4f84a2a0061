using System.Globalization;
using System.Net.Http.Headers;

namespace Stratiform.Transfers;

/// <summary>What is known of the file behind a URL: enough to go on with the same file later, or to see that it is another.</summary>
/// <param name="LengthBytes">Its size; null when the server does not tell.</param>
/// <param name="Validator">Its strong entity tag or date of change; null for a server that tells neither, where nothing can be gone on with.</param>
public sealed record Origin(long? LengthBytes, RangeConditionHeaderValue? Validator)
{
    /// <summary>Of an answer with the whole file.</summary>
    internal static Origin Of(HttpResponseMessage whole) => new(whole.Content.Headers.ContentLength, whole switch
    {
        { Headers.ETag: { IsWeak: false } tag } => new(tag),
        { Content.Headers.LastModified: { } changed } => new(changed),
        _ => null,
    });

    /// <summary>As it was kept beside a part; null when nothing usable was.</summary>
    internal static Origin? Read(string path)
    {
        if (!File.Exists(path)) return null;
        var lines = File.ReadAllLines(path);
        if (lines.Length < 2) return null;
        return new(
            long.TryParse(lines[0], CultureInfo.InvariantCulture, out var length) ? length : null,
            RangeConditionHeaderValue.TryParse(lines[1], out var validator) ? validator : null);
    }

    internal void Write(string path) => File.WriteAllLines(path, [LengthBytes?.ToString(CultureInfo.InvariantCulture) ?? "", Validator?.ToString() ?? ""]);
}
