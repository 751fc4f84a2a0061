using System.CommandLine;
using Stratiform.Cli.Verbs;

namespace Stratiform.Cli.Commands;

/// <summary>strat sync: reads again what the server offers.</summary>
internal static class SyncCommand
{
    public static Command Build(Bind bind)
    {
        var command = new Command("sync", "Read again which commands the server offers you");
        command.SetAction(bind(async (session, ct) =>
        {
            var catalogue = await new CatalogueCache(session.Here.CacheFolder, session.Cloud.Endpoint).FetchAsync(session.Cloud, ct);
            var nouns = new VerbBook(catalogue).NounNames.Count();
            await session.Terminal.Out.WriteLineAsync(
                $"{catalogue.Commands.Count} commands for {nouns} nouns from {session.Cloud.Endpoint.Address}.");
            return ExitCodes.Ok;
        }));
        return command;
    }
}
