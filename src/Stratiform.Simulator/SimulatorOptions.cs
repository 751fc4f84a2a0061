using System.Globalization;

namespace Stratiform.Simulator;

/// <summary>What to simulate and where to listen.</summary>
public sealed record SimulatorOptions
{
    /// <summary>How many hosts.</summary>
    public int Hosts { get; init; } = 1;

    /// <summary>Where to listen, <c>unix:/path</c> or <c>http://address:port</c>.</summary>
    public required string Listen { get; init; }

    /// <summary>Makes the hosts' ids: the same seed, the same hosts.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Time between two heartbeats of a watch stream.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Reads <c>--hosts N --listen WHERE --seed N</c>.</summary>
    public static SimulatorOptions Parse(IReadOnlyList<string> args)
    {
        var options = new SimulatorOptions { Listen = "" };
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--hosts" => options with { Hosts = int.Parse(value, CultureInfo.InvariantCulture) },
                "--listen" => options with { Listen = value },
                "--seed" => options with { Seed = int.Parse(value, CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException($"{args[i]} is unknown: --hosts N --listen unix:/path|http://address:port --seed N."),
            };
        }
        return options.Listen.Length > 0 ? options : throw new ArgumentException("--listen is needed.");
    }
}
