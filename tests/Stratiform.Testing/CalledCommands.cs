using System.Collections.Concurrent;

namespace Stratiform.Testing;

/// <summary>
/// Which commands of the API the tests called with success, one in each line of a file in the folder that STRATIFORM_CALLS names.
/// Conformance reads it after all tests.
/// </summary>
public static class CalledCommands
{
    private static readonly ConcurrentDictionary<string, bool> Noted = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The folder; null outside of a run of all tests.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("STRATIFORM_CALLS");

    /// <summary>Notes a call.</summary>
    public static void Note(string command, int status)
    {
        if (Folder is null || status != 200 || !Noted.TryAdd(command, true)) return;
        lock (Noted) File.AppendAllText(Path.Combine(Folder, $"tests-{Environment.ProcessId}"), command + "\n");
    }
}
