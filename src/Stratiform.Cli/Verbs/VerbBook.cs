namespace Stratiform.Cli.Verbs;

/// <summary>
/// All verbs of a catalogue, derived from the commands' names. What can be listed is a noun. A command is then
/// verb + noun (startVirtualMachine: vm start), verb + noun + rest (updateHostPassword: host update-password) or
/// verb + rest + noun (addNicToVirtualMachine: vm add-nic); a preposition before the noun is dropped and decides
/// between the last two. A command that fits no listed noun makes its own.
/// </summary>
internal sealed class VerbBook
{
    private static readonly string[] Prepositions = ["For", "To", "From", "Of", "In"];

    private readonly Dictionary<string, ApiCommand> _lists = new(StringComparer.Ordinal);
    private readonly HashSet<string> _plurals;
    private readonly Dictionary<string, SortedDictionary<string, Verb>> _verbs = new(StringComparer.Ordinal);

    public VerbBook(ApiCatalogue catalogue)
    {
        Catalogue = catalogue;
        _plurals = [.. catalogue.Commands.Where(IsList).Select(command => command.Name[4..])];
        foreach (var command in catalogue.Commands.Where(IsList).Where(command => PluralWithin(command.Name[4..]) is null))
            _lists.TryAdd(Words.Singular(command.Name[4..]), command);
        // Exact nouns first: of two commands that would share a verb, the plainer one gets it.
        foreach (var command in catalogue.Commands.OrderBy(one => one.Name.Length).ThenBy(one => one.Name, StringComparer.Ordinal))
            Add(command);
    }

    public ApiCatalogue Catalogue { get; }

    public IEnumerable<string> NounNames => _verbs.Keys.Order(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Verb>? VerbsOf(string noun) => _verbs.GetValueOrDefault(noun);

    /// <summary>The command that lists what the noun names.</summary>
    public ApiCommand? ListOf(string noun) => VerbsOf(noun)?.GetValueOrDefault("list")?.Command;

    /// <summary>The command that lists what an id parameter refers to: by its name, else by what the server relates to it.</summary>
    public ApiCommand? ListFor(Verb verb, ApiParameter parameter)
    {
        var stem = parameter.Name.EndsWith("ids", StringComparison.Ordinal) ? parameter.Name[..^3] : parameter.Name[..^2];
        if (stem.Length == 0)
            return ListOf(verb.Noun);
        var byName = _lists.Keys.Concat(Nouns.ParameterStems.Keys)
            .Where(noun => stem.EndsWith(noun, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(noun => noun.Length)
            .FirstOrDefault();
        if (byName is not null && (byName.Length == stem.Length || parameter.Type != "string"))
            return _lists.GetValueOrDefault(Nouns.ParameterStems.GetValueOrDefault(byName.ToLowerInvariant(), byName));
        return parameter.Related?.Split(',').Where(related => related.StartsWith("list", StringComparison.Ordinal))
            .Select(Catalogue.Find).FirstOrDefault(found => found is not null);
    }

    private void Add(ApiCommand command)
    {
        var (noun, verb) = Derive(command.Name);
        if (noun.Length == 0)
            return;
        verb = Nouns.VerbAliases.GetValueOrDefault((noun, verb), verb);
        if (!_verbs.TryGetValue(noun, out var verbs))
            _verbs[noun] = verbs = new(StringComparer.Ordinal);
        if (!verbs.TryAdd(verb, new(noun, verb, command)))
            verbs[Words.Kebab(command.Name)] = new(noun, Words.Kebab(command.Name), command);
    }

    private (string Noun, string Verb) Derive(string command)
    {
        var verb = Words.Split(command)[0];
        var rest = command[verb.Length..];
        if (rest.Length == 0)
            return ("", "");
        if (verb == "list")
        {
            return PluralWithin(rest) is { } plural
                ? (Name(Words.Singular(plural)), Join(verb, rest[plural.Length..]))
                : (Name(Words.Singular(rest)), verb);
        }

        if (IsNoun(rest) || IsNoun(Words.Singular(rest)))
            return (Name(IsNoun(rest) ? rest : Words.Singular(rest)), verb);

        var atEnd = Longest(noun => rest.EndsWith(noun, StringComparison.Ordinal) && IsBoundary(rest, rest.Length - noun.Length));
        var before = atEnd is null ? "" : rest[..^atEnd.Length];
        var preposition = Prepositions.FirstOrDefault(word => before.EndsWith(word, StringComparison.Ordinal));
        if (atEnd is not null && preposition is not null)
            return (Name(atEnd), Join(verb, before[..^preposition.Length]));
        if (Longest(noun => rest.StartsWith(noun, StringComparison.Ordinal) && IsBoundary(rest, noun.Length)) is { } atStart)
            return (Name(Words.Singular(atStart)), Join(verb, rest[atStart.Length..]));
        return atEnd is not null ? (Name(atEnd), Join(verb, before)) : (Name(Words.Singular(rest)), verb);
    }

    private string? Longest(Func<string, bool> fits) =>
        _lists.Keys.Concat(Nouns.Aliases.Keys).Concat(_plurals).Where(fits).MaxBy(noun => noun.Length);

    private bool IsNoun(string word) => _lists.ContainsKey(word) || Nouns.Aliases.ContainsKey(word);

    /// <summary>The plural that a longer list begins with: VirtualMachines in VirtualMachinesMetrics.</summary>
    private string? PluralWithin(string rest) => _plurals
        .Where(plural => plural.EndsWith('s') && plural.Length < rest.Length && rest.StartsWith(plural, StringComparison.Ordinal)
                         && IsBoundary(rest, plural.Length))
        .MinBy(plural => plural.Length);

    private static bool IsBoundary(string text, int at)
    {
        if (at >= text.Length || at == 0)
            return true;
        var endsAcronym = at + 1 < text.Length && char.IsLower(text[at + 1]);
        return char.IsUpper(text[at]) && (!char.IsUpper(text[at - 1]) || endsAcronym);
    }

    private static bool IsList(ApiCommand command) => command.Name.Length > 4 && command.Name.StartsWith("list", StringComparison.Ordinal);

    private static string Name(string noun) => Nouns.Aliases.TryGetValue(noun, out var alias) ? alias : Words.Kebab(noun);

    private static string Join(string verb, string rest) => rest.Length == 0 ? verb : $"{verb}-{Words.Kebab(rest)}";
}
