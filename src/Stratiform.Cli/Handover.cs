using System.Runtime.InteropServices;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli;

/// <summary>Gives this process to another program: it gets the terminal, the signals and the exit code without anyone in between.</summary>
internal static partial class Handover
{
    private const int BrokenPipe = 13;
    private const nint DefaultAction = 0;

    /// <summary>Returns only to throw; variables are the whole environment of the other program.</summary>
    public static int To(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables)
    {
        // The runtime ignores broken pipes, and what is ignored stays so in the next program.
        _ = SetSignal(BrokenPipe, DefaultAction);
        string?[] argv = [program, .. arguments, null];
        string?[] environment = [.. variables.Select(pair => $"{pair.Key}={pair.Value}"), null];
        _ = Execute(program, argv, environment);
        throw new UsageMistake($"{program} cannot be run: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, string?[] argv, string?[] environment);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetSignal(int signal, nint action);
}
