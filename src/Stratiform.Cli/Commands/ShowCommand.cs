using System.CommandLine;
using Stratiform.Cli.Output;
using Stratiform.Cli.Verbs;

namespace Stratiform.Cli.Commands;

/// <summary>show: one thing of a noun in full, found by its id or its name in the noun's list.</summary>
internal static class ShowCommand
{
    public static Command Build(string noun, ApiCommand list, VerbBook book, Bind bind)
    {
        var thing = new Argument<string>("NAME|ID") { Description = "Its name or id" };
        var command = new Command("show", $"Show one {noun} in full. ({list.Name})") { thing };
        command.SetAction(bind(async (session, ct) =>
        {
            var found = await new NameResolver(session.Cloud, book).FindAsync(list, session.Parsed.GetRequiredValue(thing), ct);
            if (session.WantsJson)
                await session.Terminal.Out.WriteLineAsync(JsonText.Of(found));
            else
                Details.Write(session.Terminal, found);
            return ExitCodes.Ok;
        }));
        return command;
    }
}
