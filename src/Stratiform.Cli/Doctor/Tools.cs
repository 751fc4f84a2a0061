using System.ComponentModel;
using System.Diagnostics;

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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<ToolAnswer> RunAsync(string tool, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        foreach (var secret in process.StartInfo.Environment.Keys.Where(name => name.StartsWith("CLOUDSTACK_", StringComparison.Ordinal)).ToArray())
            process.StartInfo.Environment.Remove(secret);
        try
        {
#pragma warning disable RS0030 // Doctor must work where nothing else does: it depends on no other part.
            process.Start();
#pragma warning restore RS0030
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, output, await error);
        }
        catch (Win32Exception)
        {
            return new(127, "", $"{tool}: not found", IsThere: false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            return new(124, "", $"{tool} did not end in {Patience.TotalSeconds:0} s");
        }
    }
}
