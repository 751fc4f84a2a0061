using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>strat version: of this program, and of the server if one answers.</summary>
internal static class VersionCommand
{
    public static string Own { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static Command Build(Bind bind)
    {
        var command = new Command("version", "Print the versions of strat and of the server");
        command.SetAction(bind(async (session, ct) =>
        {
            await session.Terminal.Out.WriteLineAsync($"strat {Own}");
            await session.Terminal.Out.WriteLineAsync($"server {await ServerAsync(session, ct)}");
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static async Task<string> ServerAsync(Session session, CancellationToken ct)
    {
        try
        {
            var answer = await session.Cloud.CallAsync("listCapabilities", [], ct);
            var version = answer.Content.TryGetProperty("capability", out var capability) && capability.ValueKind == JsonValueKind.Object
                ? capability.Text("cloudstackversion")
                : null;
            return $"{version ?? "unknown"} at {session.Cloud.Endpoint.Address}";
        }
        catch (StratException e)
        {
            return $"unknown: {e.Message}";
        }
    }
}
