using System.CommandLine;
using Stratiform.Cli.Output;

namespace Stratiform.Cli.Commands;

/// <summary>strat job wait: takes up the waiting for a job that was left alone.</summary>
internal static class JobWaitCommand
{
    public static Command Build(Bind bind)
    {
        var id = new Argument<string>("ID") { Description = "The job's id" };
        var command = new Command("wait", "Wait for a job and show what came of it.") { id };
        command.SetAction(bind(async (session, ct) =>
        {
            var job = session.Parsed.GetRequiredValue(id);
            var answer = await session.WaitAsync($"job {job}", job, ct);
            if (session.WantsJson)
                await session.Terminal.Out.WriteLineAsync(JsonText.Of(answer.Result));
            else
                Outcome.Write(session.Terminal, "job", answer);
            return ExitCodes.Ok;
        }));
        return command;
    }
}
