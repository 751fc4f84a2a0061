using Microsoft.Net.Http.Headers;

namespace Stratiform.SystemVm.Serving;

/// <summary>Which bytes of a file somebody asks for: all, or one range of them. Several at once are answered with all.</summary>
/// <param name="From">The first.</param>
/// <param name="Length">How many.</param>
/// <param name="IsPart">Whether a range was asked for.</param>
internal readonly record struct AskedRange(long From, long Length, bool IsPart)
{
    /// <summary>Null for a range that the file does not have.</summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="tag">The file's entity tag.</param>
    /// <param name="whole">The file's size.</param>
    public static AskedRange? Of(IHeaderDictionary headers, string tag, long whole)
    {
        var all = new AskedRange(0, whole, IsPart: false);
        // Of another file than the one that part of which is there already, all is wanted.
        if (headers.IfRange.Count > 0 && headers.IfRange != tag) return all;
        if (!RangeHeaderValue.TryParse(headers.Range.ToString(), out var asked) || asked.Unit != "bytes" || asked.Ranges.Count != 1) return all;
        var range = asked.Ranges.Single();
        var from = range.From ?? Math.Max(0, whole - range.To!.Value);
        var to = range.From is null ? whole - 1 : Math.Min(range.To ?? long.MaxValue, whole - 1);
        return from >= whole || to < from ? null : new AskedRange(from, to - from + 1, IsPart: true);
    }
}
