using System.ComponentModel;
using Stratiform.Linux;

namespace Stratiform.Cli.Doctor;

/// <summary>Runs a tool of the machine for what it says.</summary>
internal interface ITools
{
    Task<ToolAnswer> RunAsync(string tool, IReadOnlyList<string> arguments, CancellationToken ct);
}

/// <summary>How a tool ended and what it printed; <see cref="IsThere"/> is false when there is no such tool.</summary>
internal sealed record ToolAnswer(int ExitCode, string Output, string Error, bool IsThere = true);

/// <summary>The machine's own tools, each with ten seconds to answer.</summary>
internal sealed class Tools : ITools
{
    private const int NotFound = 127;
    private const int TookTooLong = 124;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<ToolAnswer> RunAsync(string tool, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        try
        {
            var result = await Shell.TryRunAsync(tool, arguments, Patience, ct);
            return new(result.ExitCode, result.Output, result.Errors);
        }
        catch (ShellException e) when (e.InnerException is Win32Exception)
        {
            return new(NotFound, "", e.Message, IsThere: false);
        }
        catch (ShellException e)
        {
            return new(TookTooLong, "", e.Message);
        }
    }
}
