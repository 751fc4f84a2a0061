using System.Globalization;
using Stratiform.Cli.Output;

namespace Stratiform.Cli.Doctor;

/// <summary>Memory for the server, the database, a router and a few guests.</summary>
internal sealed class MemoryCheck : ICheck
{
    private const double LeastBytes = 4.0 * 1024 * 1024 * 1024;

    // What the machine calls 4 GB shows a little less: the kernel keeps some.
    private const double Tolerance = 0.9;
    private const double LeastAvailableBytes = 1.5 * 1024 * 1024 * 1024;

    public Task<Finding> RunAsync(Machine machine, CancellationToken ct)
    {
        var text = machine.Read("/proc/meminfo");
        if (Bytes(text, "MemTotal") is not { } total)
            return Task.FromResult<Finding>(new("memory", Verdict.Warn, "/proc/meminfo does not say how much there is"));
        var available = Bytes(text, "MemAvailable") ?? total;
        var why = $"{Sizes.OfBytes(total)}, {Sizes.OfBytes(available)} of it available";
        return Task.FromResult<Finding>((total, available) switch
        {
            ( < LeastBytes * Tolerance, _) => new(
                "memory", Verdict.Fail, why, "A cloud in a box needs 4 GB. Without hosts there is: make sim"),
            (_, < LeastAvailableBytes) => new("memory", Verdict.Warn, why, "Stop what else runs here before you start guests."),
            _ => new("memory", Verdict.Ok, why),
        });
    }

    private static double? Bytes(string? text, string name)
    {
        var line = text?.Split('\n').FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        var number = line?[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return double.TryParse(number, CultureInfo.InvariantCulture, out var kib) ? kib * 1024 : null;
    }
}
