using System.Globalization;

namespace Stratiform.Benchmarks;

/// <summary>What processes have used, as the kernel counts it.</summary>
internal static class ProcessUsage
{
    // The kernel's unit for times in /proc, the same on every Linux that .NET runs on.
    private const double TicksInSecond = 100;

    /// <summary>Seconds of processor time of one process, all its threads.</summary>
    public static double CpuSeconds(int pid) => Ticks(Stat(pid), 13, 14) / TicksInSecond;

    /// <summary>Seconds of processor time of a process and of its children, living and ended.</summary>
    public static double CpuSecondsWithChildren(int pid)
    {
        var ticks = Ticks(Stat(pid), 13, 14, 15, 16);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var child) || child == pid) continue;
            try
            {
                var stat = Stat(child);
                if (stat[3] == pid.ToString(CultureInfo.InvariantCulture)) ticks += Ticks(stat, 13, 14);
            }
            catch (IOException)
            {
                // It ended meanwhile; the next look finds it in its parent's sum.
            }
        }
        return ticks / TicksInSecond;
    }

    /// <summary>Mebibytes in memory and in swap.</summary>
    public static double MemoryMib(int pid) => File.ReadLines($"/proc/{pid}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal) || line.StartsWith("VmSwap:", StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture)) / 1024;

    // The fields of /proc/PID/stat; a program's name may hold spaces and parentheses.
    private static string[] Stat(int pid)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        return [pid.ToString(CultureInfo.InvariantCulture), "", .. text[(text.LastIndexOf(')') + 2)..].Split(' ')];
    }

    private static double Ticks(string[] stat, params int[] fields) => fields.Sum(i => double.Parse(stat[i], CultureInfo.InvariantCulture));
}
