using System.CommandLine;
using Stratiform.Cli.Output;
using Stratiform.Cli.Status;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>strat status: how the cloud is, as far as it can be asked.</summary>
internal static class StatusCommand
{
    public static Command Build(Bind bind)
    {
        var command = new Command("status", "Show how server, hosts, system VMs, VMs and capacity are");
        command.SetAction(bind(async (session, ct) =>
        {
            var sections = await SectionsAsync(session, ct);
            if (session.WantsJson)
                await session.Terminal.Out.WriteLineAsync(Json(sections));
            else
                Report.Write(session.Terminal, [.. sections.Select(Item)]);
            return sections.All(section => section.IsWell) ? ExitCodes.Ok
                : sections.Any(section => section is { Name: "server", IsWell: false }) ? ExitCodes.Unreachable
                : ExitCodes.Refused;
        }));
        return command;
    }

    /// <summary>A box that never came up has no cloud.env: its run folder still tells something.</summary>
    private static async Task<IReadOnlyList<Section>> SectionsAsync(Session session, CancellationToken ct)
    {
        try
        {
            return await new StatusReport(session).AllAsync(ct);
        }
        catch (UsageMistake e) when (BoxState.Of(session.Here) is { } box)
        {
            return [box, new("server", false, [e.Message], e.NextStep)];
        }
    }

    private static ReportItem Item(Section section) => new(section.IsWell ? "ok" : "fail", section.Name, section.Lines, section.Todo);

    private static string Json(IReadOnlyList<Section> sections) => JsonText.Of(writer =>
    {
        writer.WriteStartArray();
        foreach (var section in sections)
        {
            writer.WriteStartObject();
            writer.WriteString("name", section.Name);
            writer.WriteBoolean("ok", section.IsWell);
            writer.WriteStartArray("lines");
            foreach (var line in section.Lines)
                writer.WriteStringValue(line);
            writer.WriteEndArray();
            if (section.Todo is not null)
                writer.WriteString("todo", section.Todo);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
