using System.CommandLine;
using Stratiform.Cli.Verbs;

namespace Stratiform.Cli.Commands;

/// <summary>All verbs of one noun.</summary>
internal sealed class NounCommand
{
    private const int VerbsInSummary = 8;

    public NounCommand(string noun, VerbBook book, Bind bind)
    {
        var verbs = book.VerbsOf(noun)!;
        var vocabulary = Words.Vocabulary(book.Catalogue.Commands);
        Command = new Command(noun, Summary(book, noun));
        Verbs = verbs.Values.ToDictionary(verb => verb.Name, verb => new VerbCommand(verb, book, vocabulary, bind), StringComparer.Ordinal);
        List<Command> commands = [.. Verbs.Values.Select(verb => verb.Command)];
        if (book.ListOf(noun) is { } list && !verbs.ContainsKey("show"))
            commands.Add(ShowCommand.Build(noun, list, book, bind));
        if (noun == "job")
            commands.Add(JobWaitCommand.Build(bind));
        foreach (var command in commands.OrderBy(one => Verb.Rank(one.Name)).ThenBy(one => one.Name, StringComparer.Ordinal))
            Command.Subcommands.Add(command);
        Command.SetAction(parsed => new ExamplesHelp().Invoke(parsed));
    }

    public Command Command { get; }

    public IReadOnlyDictionary<string, VerbCommand> Verbs { get; }

    /// <summary>The noun in the overview, without the cost of building all its options.</summary>
    public static Command Outline(string noun, VerbBook book) => new(noun, Summary(book, noun));

    private static string Summary(VerbBook book, string noun)
    {
        var verbs = book.VerbsOf(noun)!.Keys.OrderBy(Verb.Rank).ToArray();
        return string.Join(", ", verbs.Take(VerbsInSummary)) + (verbs.Length > VerbsInSummary ? ", ..." : "");
    }
}
