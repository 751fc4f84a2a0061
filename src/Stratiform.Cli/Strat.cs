using System.CommandLine;
using System.CommandLine.Help;
using Stratiform.Cli.Commands;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli;

/// <summary>The program: builds the commands, runs the one asked for, and turns how it ended into words and an exit code.</summary>
internal sealed class Strat(Surroundings here)
{
    private const int Interrupted = 130;

    private readonly GlobalOptions _options = new();

    public async Task<int> RunAsync(string[] args, CancellationToken ct)
    {
        try
        {
            var parsed = await ParseAsync(args, ct);
            return await InvokeAsync(parsed, ct);
        }
        catch (StratException e)
        {
            await ExplainAsync(e.Message, e.NextStep);
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }

    private RootCommand Root()
    {
        var root = new RootCommand("strat drives a Stratiform cloud (or any other that speaks CloudStack's API).");
        _options.AddTo(root);
        foreach (var command in Builtins.All(Bind))
            root.Subcommands.Add(command);
        root.SetAction(parsed => new ExamplesHelp().Invoke(parsed));
        root.Options.OfType<HelpOption>().Single().Action = new ExamplesHelp();
        return root;
    }

    /// <summary>What is not built in is a noun that the server's catalogue gave rise to.</summary>
    private async Task<ParseResult> ParseAsync(string[] args, CancellationToken ct)
    {
        var root = Root();
        var words = CommandWords.Of(args);
        if (words.Noun is not { } noun)
        {
            foreach (var command in CatalogueNouns.Outlines(words.Endpoint, here, root))
                root.Subcommands.Add(command);
            return Parse(root, args);
        }

        return root.Subcommands.Any(command => command.Name == noun)
            ? Parse(root, args)
            : await new CatalogueNouns(here, words, Bind).ParseAsync(root, respelled => Parse(root, respelled), args, ct);
    }

    /// <summary>Response files are off: a value that begins with @ names a file of ours.</summary>
    private static ParseResult Parse(Command root, string[] args) =>
        root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken ct)
    {
        if (parsed.Errors.Count > 0 && parsed.Action is null or System.CommandLine.Invocation.ParseErrorAction)
        {
            var command = CommandPath.Of(parsed.CommandResult.Command);
            throw new UsageMistake(string.Join('\n', parsed.Errors.Select(error => error.Message)), $"See: {command} --help");
        }

        var configuration = new InvocationConfiguration
        {
            Output = here.Terminal.Out,
            Error = here.Terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        return await parsed.InvokeAsync(configuration, ct);
    }

    private Func<ParseResult, CancellationToken, Task<int>> Bind(Func<Session, CancellationToken, Task<int>> run) => async (parsed, ct) =>
    {
        using var session = new Session(here, _options, parsed);
        return await run(session, ct);
    };

    private async Task ExplainAsync(string message, string? nextStep)
    {
        var red = here.Terminal.ErrorIsTty;
        await here.Terminal.Error.WriteLineAsync($"{(red ? "\e[31m" : "")}strat: {message}{(red ? "\e[0m" : "")}");
        if (nextStep is not null)
            await here.Terminal.Error.WriteLineAsync(nextStep);
    }
}
