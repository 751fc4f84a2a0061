using System.Globalization;

namespace Stratiform.Management.Database;

/// <summary>What <c>postmaster.pid</c> says of the server that runs, or ran, on a data directory.</summary>
/// <param name="ProcessId">Its first process.</param>
/// <param name="Sockets">The folder of its socket; empty until it listens.</param>
/// <param name="Port">The number in the socket's name.</param>
internal sealed record PostmasterFile(int ProcessId, string Sockets, int Port)
{
    /// <summary>Reads it; null when there is none, or a crash cut it short.</summary>
    public static PostmasterFile? Read(string data)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path.Combine(data, "postmaster.pid"));
        }
        catch (IOException)
        {
            return null;
        }
        if (lines.Length < 4 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var process)) return null;
        _ = int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port);
        return new(process, lines.Length > 4 ? lines[4] : "", port);
    }

    /// <summary>Whether its process lives; one that nobody reaped does not, and another program with its number does not count.</summary>
    public ProcessLife Life()
    {
        try
        {
            // "pid (comm) state …"
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/stat"));
            if (!stat.Contains("(postgres)", StringComparison.Ordinal)) return ProcessLife.Gone;
            return stat[stat.LastIndexOf(')') + 2] == 'Z' ? ProcessLife.Unreaped : ProcessLife.Lives;
        }
        catch (IOException)
        {
            return ProcessLife.Gone;
        }
    }
}

/// <summary>Whether a process lives.</summary>
internal enum ProcessLife
{
    Lives,
    /// <summary>Dead, but its number stays taken because its parent does not ask after it.</summary>
    Unreaped,
    Gone,
}
