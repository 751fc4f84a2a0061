namespace Stratiform.Cli;

/// <summary>
/// The first words of a command line, read before it can be parsed: they decide which commands there are to parse it with.
/// </summary>
internal sealed record CommandWords(string? Noun, string? Verb, string? Endpoint)
{
    private const string EndpointOption = "--endpoint";
    private const string TimeoutOption = "--timeout";

    public static CommandWords Of(IReadOnlyList<string> args)
    {
        string? endpoint = null;
        List<string> words = [];
        for (var i = 0; i < args.Count && args[i] != "--"; i++)
        {
            var arg = args[i];
            if (arg == EndpointOption && i + 1 < args.Count)
                endpoint = args[++i];
            else if (arg.StartsWith(EndpointOption + "=", StringComparison.Ordinal))
                endpoint = arg[(EndpointOption.Length + 1)..];
            else if (arg == TimeoutOption)
                i++;
            else if (!arg.StartsWith('-') && !arg.StartsWith('['))
                words.Add(arg);
        }

        return new(words.ElementAtOrDefault(0), words.ElementAtOrDefault(1), endpoint);
    }
}
