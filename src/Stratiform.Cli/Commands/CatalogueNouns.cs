using System.CommandLine;
using Stratiform.Cli.Verbs;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>
/// Reads a command line whose noun comes from the server's catalogue. The cached catalogue is tried first; what it
/// does not know is asked of the server once before it is called a mistake.
/// </summary>
internal sealed class CatalogueNouns(Surroundings here, CommandWords words, Bind bind)
{
    private const int MostSuggested = 12;

    private NounCommand? _noun;

    public async Task<ParseResult> ParseAsync(Command root, Func<string[], ParseResult> parse, string[] args, CancellationToken ct)
    {
        var endpoint = EndpointLookup.Find(words.Endpoint, here);
        var cache = new CatalogueCache(here.CacheFolder, endpoint);
        var cached = cache.Read();
        if (cached is not null && TryParse(cached, root, parse, args) is { Errors.Count: 0 } known)
            return known;

        ApiCatalogue fresh;
        using (var cloud = new CloudClient(endpoint, here.Clock))
        {
            try
            {
                fresh = await cache.FetchAsync(cloud, ct);
            }
            catch (CloudUnreachable) when (cached is not null)
            {
                fresh = cached;
            }
        }

        return TryParse(fresh, root, parse, args) ?? throw Unknown(root, new VerbBook(fresh));
    }

    /// <summary>The nouns for the overview: from the cache only, so that help needs no server.</summary>
    public static IEnumerable<Command> Outlines(string? endpointOption, Surroundings here, Command root)
    {
        CloudEndpoint endpoint;
        try
        {
            endpoint = EndpointLookup.Find(endpointOption, here);
        }
        catch (UsageMistake)
        {
            return [];
        }

        if (new CatalogueCache(here.CacheFolder, endpoint).Read() is not { } catalogue)
            return [];
        var book = new VerbBook(catalogue);
        return book.NounNames.Where(noun => root.Subcommands.All(command => command.Name != noun))
            .Select(noun => NounCommand.Outline(noun, book));
    }

    private ParseResult? TryParse(ApiCatalogue catalogue, Command root, Func<string[], ParseResult> parse, string[] args)
    {
        if (_noun is not null)
            root.Subcommands.Remove(_noun.Command);
        _noun = null;
        var book = new VerbBook(catalogue);
        if (book.VerbsOf(words.Noun!) is null)
            return null;
        _noun = new NounCommand(words.Noun!, book, bind);
        root.Subcommands.Add(_noun.Command);
        return parse(_noun.Verbs.GetValueOrDefault(words.Verb ?? "")?.Options.Respell(args) ?? args);
    }

    private UsageMistake Unknown(Command root, VerbBook book)
    {
        var known = root.Subcommands.Select(command => command.Name).Concat(book.NounNames);
        var noun = words.Noun!;
        var near = known.Where(name => name.Contains(noun, StringComparison.Ordinal) || noun.Contains(name, StringComparison.Ordinal)
                                       || name[0] == noun[0]).Take(MostSuggested);
        return new($"There is no '{noun}' here.", $"Did you mean one of these? {string.Join(", ", near)}\nAll of them: strat --help");
    }
}
