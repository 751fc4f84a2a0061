using Stratiform.Cli.Doctor;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Status;

/// <summary>What the run folder tells of a cloud in a box, server or not.</summary>
internal static class BoxState
{
    /// <summary>Nothing where there is no box.</summary>
    public static Section? Of(Surroundings here)
    {
        if (RunFolder(here) is not { } run)
            return null;
        var pid = Machine.ReadFile(Path.Combine(run, "server.pid"))?.Trim();
        var lives = !string.IsNullOrEmpty(pid) && Directory.Exists(Path.Combine(here.Root, "proc", pid));
        return (pid, lives) switch
        {
            (null or "", _) => new("box", false, [$"{run}: the server is not started"], "make up"),
            (_, false) => new("box", false, [$"{run}: the server's process {pid} is gone"], "make up starts it again. " + LogHint(here)),
            (_, true) => new("box", true, [$"{run}: server is process {pid}"]),
        };
    }

    /// <summary>Where the server's own words are.</summary>
    public static string LogHint(Surroundings here) => RunFolder(here) is { } run
        ? $"Its log: {Path.Combine(run, "logs", "server.log")}"
        : "Its log is on the machine that it runs on.";

    private static string? RunFolder(Surroundings here) =>
        Checkouts.Around(here).Select(folder => Path.Combine(folder, ".run")).FirstOrDefault(Directory.Exists);
}
