using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Stratiform.Management.Networking;

/// <summary>
/// Renders chains of rules, of which there may be thousands. Many are cut into pieces, chains of their own, so that a rule which changes
/// changes its piece and the list of pieces, and the router loads no more than these. Where a piece ends is decided by the rule there
/// and by nothing else, and a piece is called after what it holds: the same rules make the same chains, whatever was there before. Its rules
/// are on one line, which the router reads faster.
/// </summary>
internal static class RouterChains
{
    /// <summary>As many rules stay in their chain.</summary>
    public const int Few = 128;

    /// <summary>Of so many rules one ends a piece: what loads least, a piece and the list of pieces, among thousands.</summary>
    private const int Usual = 64;

    /// <summary>Renders a chain; its rules accept or drop, none returns: from a piece it would come back to the next one.</summary>
    /// <param name="text">What it is added to, within a table.</param>
    /// <param name="name">The chain's name.</param>
    /// <param name="rules">Its rules in order, a line each.</param>
    /// <param name="otherwise">The verdict if no rule speaks; null leaves it to the one who jumped here.</param>
    public static void Render(StringBuilder text, string name, IEnumerable<string> rules, string? otherwise = null)
    {
        var body = rules.ToList();
        if (body.Count > Few)
        {
            // A piece that comes again has nothing new to say.
            var pieces = Cut(body).Select(piece => (Name: NameOf(name, piece), Rules: piece)).DistinctBy(p => p.Name).ToList();
            foreach (var piece in pieces) Chain(text, piece.Name, [string.Join("; ", piece.Rules)]);
            body = pieces.ConvertAll(p => $"jump {p.Name}");
        }
        Chain(text, name, otherwise is null ? body : body.Append(otherwise));
    }

    private static void Chain(StringBuilder text, string name, IEnumerable<string> rules)
    {
        text.Append(CultureInfo.InvariantCulture, $"  chain {name} {{\n");
        foreach (var rule in rules) text.Append("    ").Append(rule).Append('\n');
        text.Append("  }\n");
    }

    private static IEnumerable<List<string>> Cut(List<string> rules)
    {
        var piece = new List<string>();
        foreach (var rule in rules)
        {
            piece.Add(rule);
            if (HashOf(rule)[0] % Usual != 0) continue;
            yield return piece;
            piece = [];
        }
        if (piece.Count > 0) yield return piece;
    }

    // Names of chains begin with a letter.
    private static string NameOf(string chain, List<string> piece) =>
        "rules-" + Convert.ToHexStringLower(HashOf($"{chain}\n{string.Join('\n', piece)}"))[..16];

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
