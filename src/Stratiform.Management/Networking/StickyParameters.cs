using System.Text.RegularExpressions;
using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>The parameters that each way of knowing a client again has, and what they may be: they end up in a configuration.</summary>
internal static partial class StickyParameters
{
    /// <summary>The method of a name, in either case.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">There is none (431).</exception>
    public static StickyMethod Method(string name) => Enum.GetValues<StickyMethod>().Cast<StickyMethod?>()
        .FirstOrDefault(m => m.ToString()!.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw Refusal.Parameter($"methodname {name} is unknown; use {string.Join(", ", Enum.GetNames<StickyMethod>())}.");

    /// <summary>The parameters as they were sent, if the method has them.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">One is unknown or has a value that it cannot have (431).</exception>
    public static Dictionary<string, string> Check(StickyMethod method, IEnumerable<(string Name, string Value)> sent)
    {
        var known = Known(method);
        var kept = new Dictionary<string, string>();
        foreach (var (name, value) in sent)
        {
            if (!known.TryGetValue(name, out var form))
                throw Refusal.Parameter($"The method {method} has no parameter {name}; it has {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
            kept[name] = form.IsMatch(value) ? value : throw Refusal.Parameter($"param {name} cannot be {value}.");
        }
        return kept;
    }

    private static Dictionary<string, Regex> Known(StickyMethod method) => method switch
    {
        StickyMethod.LbCookie => new()
        {
            ["cookie-name"] = Token(),
            ["mode"] = CookieMode(),
            ["nocache"] = Flag(),
            ["indirect"] = Flag(),
            ["postonly"] = Flag(),
            ["domain"] = DomainText(),
        },
        StickyMethod.AppCookie => new()
        {
            ["cookie-name"] = Token(),
            ["length"] = Number(),
            ["holdtime"] = Time(),
            ["request-learn"] = Flag(),
        },
        StickyMethod.SourceBased => new()
        {
            ["tablesize"] = Size(),
            ["expire"] = Time(),
        },
    };

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex("^(insert|prefix|rewrite)\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CookieMode();

    [GeneratedRegex("^(true|false|)\\z", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Flag();

    [GeneratedRegex("^\\.?[A-Za-z0-9.-]{1,253}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DomainText();

    [GeneratedRegex("^[1-9][0-9]{0,3}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex("^[1-9][0-9]{0,5}(ms|s|m|h|d)?\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();

    // Entries: up to a million, which is what a small router's memory holds.
    [GeneratedRegex("^([1-9][0-9]{0,5}|[1-9][0-9]{0,2}k|1m)\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Size();
}
