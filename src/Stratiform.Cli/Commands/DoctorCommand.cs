using System.CommandLine;
using Stratiform.Cli.Doctor;
using Stratiform.Cli.Output;

namespace Stratiform.Cli.Commands;

/// <summary>strat doctor: whether this machine can carry a cloud in a box.</summary>
internal static class DoctorCommand
{
    public static Command Build(Bind bind)
    {
        var command = new Command("doctor", "Check whether this machine can carry a cloud in a box; needs no server");
        command.SetAction(bind((session, ct) => RunAsync(session, Machine.Of(session.Here), ct)));
        return command;
    }

    public static async Task<int> RunAsync(Session session, Machine machine, CancellationToken ct)
    {
        var findings = await Task.WhenAll(Checks.All.Select(check => check.RunAsync(machine, ct)));
        if (session.WantsJson)
            await session.Terminal.Out.WriteLineAsync(Json(findings));
        else
            Report.Write(session.Terminal, [.. findings.Select(one => new ReportItem(one.Word, one.Name, [one.Why], one.Todo))]);
        return findings.Any(finding => finding.Verdict == Verdict.Fail) ? ExitCodes.Refused : ExitCodes.Ok;
    }

    private static string Json(IReadOnlyList<Finding> findings) => JsonText.Of(writer =>
    {
        writer.WriteStartArray();
        foreach (var finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("name", finding.Name);
            writer.WriteString("result", finding.Word);
            writer.WriteString("why", finding.Why);
            if (finding.Todo is not null)
                writer.WriteString("todo", finding.Todo);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
