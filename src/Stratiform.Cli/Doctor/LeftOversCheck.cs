namespace Stratiform.Cli.Doctor;

/// <summary>
/// Remains of clouds whose checkout is gone. A box marks each of its processes with STRATIFORM_BOX=hash/what and leads
/// to its run folder by /run/stratiform-hash; where that leads nowhere, nobody is left to take it down.
/// </summary>
internal sealed class LeftOversCheck : ICheck
{
    private const string Mark = "STRATIFORM_BOX=";
    private const string LinkPrefix = "stratiform-";

    public Task<Finding> RunAsync(Machine machine, CancellationToken ct)
    {
        var links = Links(machine);
        var dead = links.Where(link => !Directory.Exists(link.Value)).Select(link => link.Key).ToHashSet(StringComparer.Ordinal);
        var orphans = Processes(machine).Where(process => dead.Contains(process.Hash) || !links.ContainsKey(process.Hash)).ToArray();
        if (orphans.Length > 0)
        {
            return Task.FromResult<Finding>(new(
                "left-overs",
                Verdict.Warn,
                $"{orphans.Length} processes of clouds whose checkout is gone; their namespaces and bridges live as long as they do",
                $"End them: kill -KILL {string.Join(' ', orphans.Select(orphan => orphan.Pid))}"));
        }

        var lost = string.Join(' ', dead.Select(hash => $"/run/{LinkPrefix}{hash}"));
        return Task.FromResult<Finding>(dead.Count == 0
            ? new("left-overs", Verdict.Ok, machine.IsRoot ? "none of dead clouds" : "none that I may see; root sees more")
            : new("left-overs", Verdict.Warn, $"links of clouds that are gone: {lost}", $"rm {lost}"));
    }

    private static Dictionary<string, string> Links(Machine machine)
    {
        var run = new DirectoryInfo(machine.Path("/run"));
        if (!run.Exists)
            return [];
        return run.EnumerateFileSystemInfos($"{LinkPrefix}*").Where(entry => entry.LinkTarget is not null)
            .ToDictionary(entry => entry.Name[LinkPrefix.Length..], entry => entry.LinkTarget!, StringComparer.Ordinal);
    }

    private static IEnumerable<(string Pid, string Hash)> Processes(Machine machine)
    {
        var proc = new DirectoryInfo(machine.Path("/proc"));
        if (!proc.Exists)
            yield break;
        foreach (var process in proc.EnumerateDirectories().Where(entry => entry.Name.All(char.IsAsciiDigit)))
        {
            var variable = Machine.ReadFile(Path.Combine(process.FullName, "environ"))?.Split('\0')
                .FirstOrDefault(text => text.StartsWith(Mark, StringComparison.Ordinal));
            if (variable is not null)
                yield return (process.Name, variable[Mark.Length..].Split('/')[0]);
        }
    }
}
