using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Stratiform.Linux;

/// <summary>What a program left behind.</summary>
/// <param name="ExitCode">0 when it is content.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record ShellResult(int ExitCode, string Output, string Errors);

/// <summary>A program that could not run, took too long or ended with an error; the message shows its own words.</summary>
/// <param name="text">What was run and what it said.</param>
/// <param name="inner">What was thrown.</param>
public sealed class ShellException(string text, Exception? inner = null) : Exception(text, inner);

/// <summary>Runs the host's programs: by argument list, never through a command line that needs quoting, and within a limit of time.</summary>
public static class Shell
{
    /// <summary>How long a program may take if the caller does not say.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(1);

    /// <summary>Runs a program and returns what it left, whatever its exit code.</summary>
    /// <exception cref="ShellException">It is missing, or was killed after <paramref name="limit"/>.</exception>
    public static async Task<ShellResult> TryRunAsync(
        string program, IEnumerable<string> arguments, TimeSpan? limit = null, CancellationToken ct = default)
    {
        using var process = Start(program, arguments);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(limit ?? DefaultLimit);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await Task.WhenAll(output, errors, process.WaitForExitAsync(deadline.Token));
            return new(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            throw new ShellException($"{program} took longer than {limit ?? DefaultLimit} and was killed.");
        }
    }

    /// <summary>Runs a program that must succeed, and returns its standard output.</summary>
    /// <exception cref="ShellException">It is missing, ended with another code than 0, or was killed after <paramref name="limit"/>.</exception>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, TimeSpan? limit = null, CancellationToken ct = default)
    {
        var list = arguments.ToList();
        var result = await TryRunAsync(program, list, limit, ct);
        if (result.ExitCode == 0) return result.Output;
        var words = new StringBuilder(program).AppendJoin("", list.Select(a => " " + a));
        throw new ShellException($"{words} ended with {result.ExitCode}: {(result.Errors + result.Output).Trim()}");
    }

    [SuppressMessage("ApiDesign", "RS0030", Justification = "The one place that starts processes.")]
    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ShellException($"{program} cannot be started: {e.Message}.", e);
        }
    }
}
