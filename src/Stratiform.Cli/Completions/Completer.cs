using System.CommandLine;
using Stratiform.Cli.Commands;
using Stratiform.Cli.Verbs;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Completions;

/// <summary>
/// What may come next on a command line. Words come from the cached catalogue, names of things from the server if it
/// answers at once; whatever goes wrong here is silence, for a shell has nowhere to show it.
/// </summary>
internal sealed class Completer(Surroundings here)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Bind NoRun = _ => (_, _) => Task.FromResult(ExitCodes.Ok);

    private readonly GlobalOptions _options = new();
    private CloudEndpoint? _endpoint;

    public async Task<IReadOnlyList<string>> AnswerAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        var current = words.Count > 0 ? words[^1] : "";
        var book = Book(words);
        var answers = await CandidatesAsync(words, current, book, ct);
        return
        [
            .. answers.Where(answer => answer.StartsWith(current, StringComparison.OrdinalIgnoreCase))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }

    private async Task<IEnumerable<string>> CandidatesAsync(
        IReadOnlyList<string> words, string current, VerbBook? book, CancellationToken ct)
    {
        var path = CommandWords.Of([.. words.Take(words.Count - 1)]);
        Command[] builtins = [.. Builtins.All(NoRun).Where(command => !command.Hidden)];
        if (path.Noun is not { } noun)
            return current.StartsWith('-') ? Names(Globals()) : builtins.Select(command => command.Name).Concat(book?.NounNames ?? []);
        if (builtins.FirstOrDefault(command => command.Name == noun) is { } builtin)
            return await BuiltinAsync(builtin, path, current, book, ct);
        if (book?.VerbsOf(noun) is null)
            return [];
        var nounCommand = new NounCommand(noun, book, NoRun);
        if (path.Verb is null)
            return nounCommand.Command.Subcommands.Select(command => command.Name);
        return nounCommand.Verbs.TryGetValue(path.Verb, out var verb)
            ? await VerbAsync(verb, words, current, book, ct)
            : path.Verb == "show" && !current.StartsWith('-') ? await ThingsAsync(book.ListOf(noun), book, ct) : Names(Globals());
    }

    private async Task<IEnumerable<string>> BuiltinAsync(
        Command builtin, CommandWords path, string current, VerbBook? book, CancellationToken ct)
    {
        if (current.StartsWith('-'))
            return Names(builtin.Options.Concat(Globals()));
        return (builtin.Name, path.Verb) switch
        {
            ("api", null) => book?.Catalogue.Commands.Select(command => command.Name) ?? [],
            ("api", { } command) => book?.Catalogue.Find(command)?.Parameters.Select(parameter => $"{parameter.Name}=") ?? [],
            ("completion", null) => CompletionCommand.Shells,
            ("ssh" or "console", null) => await ThingsAsync(book?.Catalogue.Find("listVirtualMachines"), book, ct),
            _ => [],
        };
    }

    private async Task<IEnumerable<string>> VerbAsync(
        VerbCommand verb, IReadOnlyList<string> words, string current, VerbBook book, CancellationToken ct)
    {
        if (current.StartsWith('-'))
            return Names(verb.Command.Options.Concat(Globals()));
        var previous = words.Count > 1 ? verb.Options.Respell([words[^2]])[0] : "";
        var asked = verb.Options.All.FirstOrDefault(pair => pair.Option.Name == previous);
        if (asked.Parameter is { IsSwitch: false })
            return asked.Parameter.IsReference ? await ThingsAsync(verb.NamesOf(asked.Parameter), book, ct) : [];
        return verb.Command.Arguments.Count > 0 ? await ThingsAsync(verb.NamesOf(null), book, ct) : Names(verb.Command.Options);
    }

    private async Task<IEnumerable<string>> ThingsAsync(ApiCommand? list, VerbBook? book, CancellationToken ct)
    {
        if (list is null || book is null || _endpoint is null)
            return [];
        using var cloud = new CloudClient(_endpoint, here.Clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return await new NameResolver(cloud, book).NamesAsync(list, limit.Token);
        }
        catch (Exception e) when (e is StratException or OperationCanceledException)
        {
            return [];
        }
    }

    private VerbBook? Book(IReadOnlyList<string> words)
    {
        try
        {
            _endpoint = EndpointLookup.Find(CommandWords.Of(words).Endpoint, here);
            return new CatalogueCache(here.CacheFolder, _endpoint).Read() is { } catalogue ? new VerbBook(catalogue) : null;
        }
        catch (UsageMistake)
        {
            return null;
        }
    }

    private IEnumerable<Option> Globals() => [_options.Endpoint, _options.Json, _options.NoWait, _options.Timeout];

    private static IEnumerable<string> Names(IEnumerable<Option> options) => options.Select(option => option.Name).Append("--help");
}
