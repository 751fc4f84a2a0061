using System.CommandLine;
using Stratiform.Cli.Completions;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>strat completion SHELL prints what makes a shell complete; the hidden strat __complete is what that then asks.</summary>
internal static class CompletionCommand
{
    public static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Build(Bind bind)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        var command = new Command("completion", "Print the completion script of a shell: eval \"$(strat completion bash)\"") { shell };
        command.SetAction(bind(async (session, ct) =>
        {
            var asked = session.Parsed.GetRequiredValue(shell);
            await session.Terminal.Out.WriteLineAsync((asked switch
            {
                "bash" => ShellScripts.Bash,
                "zsh" => ShellScripts.Zsh,
                "fish" => ShellScripts.Fish,
                _ => throw new UsageMistake($"I cannot complete for '{asked}'.", "There is bash, zsh and fish."),
            }).AsMemory(), ct);
            return ExitCodes.Ok;
        }));
        return command;
    }

    public static Command BuildAnswer(Bind bind)
    {
        var words = new Argument<string[]>("WORDS") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("__complete", "Answer a shell: the words so far, the unfinished one last") { words };
        command.Hidden = true;
        command.SetAction(bind(async (session, ct) =>
        {
            foreach (var answer in await new Completer(session.Here).AnswerAsync(session.Parsed.GetValue(words) ?? [], ct))
                await session.Terminal.Out.WriteLineAsync(answer.AsMemory(), ct);
            return ExitCodes.Ok;
        }));
        return command;
    }
}
