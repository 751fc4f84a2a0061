using System.Text.RegularExpressions;

namespace Stratiform.Cli.Verbs;

/// <summary>Splits the API's run-together names into words, and brings plurals back to one.</summary>
internal static partial class Words
{
    /// <summary>Words of parameter names that no command is named after.</summary>
    private static readonly string[] Extra =
    [
        "account", "address", "all", "cpu", "date", "default", "disk", "display", "end", "filter", "for", "hardware", "id", "ids", "is",
        "key", "keyword", "list", "memory", "name", "names", "number", "page", "pair", "recursive", "size", "speed", "start", "state",
        "text", "type", "user", "vm", "vpc",
    ];

    /// <summary>"VirtualMachine" is virtual-machine, "NetworkACLList" network-acl-list.</summary>
    public static string Kebab(string camel) => string.Join('-', Split(camel)).ToLowerInvariant();

    public static string[] Split(string camel) => WordBoundary().Split(camel);

    public static string Singular(string plural) => plural switch
    {
        _ when plural.EndsWith("ies", StringComparison.Ordinal) => plural[..^3] + "y",
        _ when plural.EndsWith("sses", StringComparison.Ordinal) => plural[..^2],
        _ when plural.EndsWith("ss", StringComparison.Ordinal) => plural,
        _ when plural.EndsWith('s') => plural[..^1],
        _ => plural,
    };

    /// <summary>Spellings that mean the same option: --zoneid, --zone-id, --zoneId.</summary>
    public static string Squash(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    public static HashSet<string> Vocabulary(IEnumerable<ApiCommand> commands) =>
    [
        .. commands.SelectMany(command => Split(command.Name)).SelectMany(word => (string[])[word, Singular(word)])
            .Select(word => word.ToLowerInvariant()).Where(word => word.Length > 1),
        .. Extra,
    ];

    /// <summary>"serviceofferingid" is service-offering-id: the fewest known words that make up the whole, else as it is.</summary>
    public static string Hyphenate(string name, HashSet<string> vocabulary)
    {
        // best[i] is the shortest list of words that spells the first i letters.
        var best = new List<string>?[name.Length + 1];
        best[0] = [];
        for (var end = 1; end <= name.Length; end++)
        {
            for (var start = 0; start < end; start++)
            {
                if (best[start] is { } before && (best[end] is not { } known || before.Count + 1 < known.Count)
                    && vocabulary.Contains(name[start..end]))
                    best[end] = [.. before, name[start..end]];
            }
        }

        return best[name.Length] is { } words ? string.Join('-', words) : name;
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordBoundary();
}
