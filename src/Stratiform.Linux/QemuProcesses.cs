using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Stratiform.Linux;

/// <summary>Finds the process that runs a domain: libvirt tells its number to nobody, but writes the UUID into its arguments.</summary>
public sealed class QemuProcesses
{
    private readonly ConcurrentDictionary<Guid, int> _known = new();

    /// <summary>The process number, or 0 if none runs the domain.</summary>
    public int Find(Guid domainId)
    {
        if (_known.TryGetValue(domainId, out var known) && Runs(known, domainId)) return known;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) || !Runs(pid, domainId)) continue;
            _known[domainId] = pid;
            return pid;
        }
        _known.TryRemove(domainId, out _);
        return 0;
    }

    private static bool Runs(int pid, Guid domainId)
    {
        try
        {
            var arguments = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline"));
            return arguments.Contains($"\0-uuid\0{domainId}\0", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It ended while it was looked at.
            return false;
        }
    }
}
