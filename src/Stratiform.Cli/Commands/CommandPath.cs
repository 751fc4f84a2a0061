using System.CommandLine;

namespace Stratiform.Cli.Commands;

/// <summary>A command as it is typed, from strat on.</summary>
internal static class CommandPath
{
    public static string Of(Symbol command) => string.Join(' ', Upwards(command).Reverse());

    private static IEnumerable<string> Upwards(Symbol symbol)
    {
        for (var next = symbol; next is not null; next = next.Parents.FirstOrDefault())
            yield return next is RootCommand ? "strat" : next.Name;
    }
}
