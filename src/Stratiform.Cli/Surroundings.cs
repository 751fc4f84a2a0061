using Stratiform.Cli.Output;

namespace Stratiform.Cli;

/// <summary>All that a call takes from the machine around it, so that a test can be that machine.</summary>
internal sealed record Surroundings
{
    public required Terminal Terminal { get; init; }

    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required string Folder { get; init; }

    public required string ProgramFolder { get; init; }

    public required string Home { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The root of the file system that doctor examines.</summary>
    public string Root { get; init; } = "/";

    /// <summary>Replaces this process; see <see cref="Cli.Handover.To"/>.</summary>
    public Func<string, IReadOnlyList<string>, IReadOnlyDictionary<string, string>, int> Handover { get; init; } = Cli.Handover.To;

    public string ConfigFolder => Path.Combine(Variable("XDG_CONFIG_HOME") ?? Path.Combine(Home, ".config"), "stratiform");

    public string CacheFolder => Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Home, ".cache"), "stratiform");

    public static Surroundings OfProcess() => new()
    {
        Terminal = Terminal.OfProcess(),
        Variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal),
        Folder = Directory.GetCurrentDirectory(),
        ProgramFolder = AppContext.BaseDirectory,
        Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
    };

    /// <summary>A variable that is set to something; empty counts as absent.</summary>
    public string? Variable(string name) => Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
