using System.CommandLine;
using System.CommandLine.Invocation;
using Stratiform.Cli.Output;
using Stratiform.Cli.Verbs;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>strat api COMMAND --help: what the server itself says of one command.</summary>
internal sealed class ApiHelp(Argument<string> name, Bind bind) : AsynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default) =>
        parseResult.GetResult(name) is { Tokens: [var asked, ..] }
            ? bind((session, ct) => DescribeAsync(session, asked.Value, ct))(parseResult, cancellationToken)
            : Task.FromResult(new ExamplesHelp().Invoke(parseResult));

    private static async Task<int> DescribeAsync(Session session, string name, CancellationToken ct)
    {
        var cache = new CatalogueCache(session.Here.CacheFolder, session.Cloud.Endpoint);
        var command = cache.Read()?.Find(name) ?? (await cache.FetchAsync(session.Cloud, ct)).Find(name)
            ?? throw new UsageMistake($"The server offers you no command {name}.", "All that it does: strat api listApis");
        var output = session.Terminal.Out;
        var title = command.Name + (command.IsAsync ? " (a job)" : "");
        await output.WriteLineAsync($"{title}\n  {command.Description}\n\nParameters:".AsMemory(), ct);
        Tables.WritePairs(session.Terminal, [.. command.Parameters.OrderByDescending(parameter => parameter.IsRequired).Select(parameter =>
            ($"  {parameter.Name}", $"{parameter.Type}{(parameter.IsRequired ? ", required" : "")}: {parameter.Description}"))]);
        if (command.Fields.Count > 0)
            await output.WriteLineAsync($"\nAnswers with: {string.Join(", ", command.Fields)}".AsMemory(), ct);
        return ExitCodes.Ok;
    }
}
