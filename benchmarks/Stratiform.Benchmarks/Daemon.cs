using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Stratiform.Linux;

namespace Stratiform.Benchmarks;

/// <summary>A process of ours that runs beside the bench and ends with it; what it says goes into a file.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private Daemon(Process process) => _process = process;

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a .NET program.</summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "Shell waits for the end of what it starts; this goes on.")]
    public static Daemon Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables, string log)
    {
        // The shell only redirects; the program takes its place and number.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec dotnet \"$@\" >>\"$log\" 2>&1", "sh", log, program, .. arguments]);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Asks it to end, and sees to it that it does.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited) return;
        await Shell.TryRunAsync("kill", ["-TERM", $"{_process.Id}"]);
        using var late = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }
}
