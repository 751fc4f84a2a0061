using System.CommandLine;
using System.CommandLine.Help;
using Stratiform.Cli.Output;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>strat api: any command of the API by its own name and parameters.</summary>
internal static class ApiCall
{
    public static Command Build(Bind bind)
    {
        var name = new Argument<string>("COMMAND") { Description = "The API's command, for example listVirtualMachines" };
        var pairs = new Argument<string[]>("KEY=VALUE")
        {
            Description = "Its parameters; KEY=@FILE reads the value from a file, KEY=@- from standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var raw = new Option<bool>("--raw") { Description = "Print the response's body as it came" };
        var command = new Command("api", "Call a command of the API; asynchronous ones are waited for")
        {
            name, pairs, raw, new HelpOption { Action = new ApiHelp(name, bind) },
        };
        command.SetAction(bind(async (session, ct) =>
        {
            var parameters = Parameters(session.Parsed.GetValue(pairs) ?? [], session.Here);
            var answer = await session.RunAsync(session.Parsed.GetRequiredValue(name), parameters, ct);
            var text = session.Parsed.GetValue(raw) ? answer.Body : JsonText.Of(answer.Result);
            await session.Terminal.Out.WriteLineAsync(text);
            return ExitCodes.Ok;
        }));
        return command;
    }

    /// <summary>Names are lower case on the wire, but for the key of a map's entry.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parameters(IEnumerable<string> pairs, Surroundings here)
    {
        var named = pairs.Select(pair => Parameter(pair, here)).ToList();
        if (named.GroupBy(pair => pair.Key).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageMistake($"{twice.Key} is given {twice.Count()} times.", "Several values of a list go together: ids=A,B");
        return named;
    }

    private static KeyValuePair<string, string> Parameter(string pair, Surroundings here)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new UsageMistake($"'{pair}' is not KEY=VALUE.", "For example: strat api listZones available=true");
        var name = pair[..equals];
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        var wireName = bracket < 0 ? name.ToLowerInvariant() : name[..bracket].ToLowerInvariant() + name[bracket..];
        return new(wireName, ParameterText.Read(pair[(equals + 1)..], here));
    }
}
