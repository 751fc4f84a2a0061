namespace Stratiform.Conformance;

/// <summary>Where we differ from CloudStack on purpose, each with its reason: the lines of deviations.tsv.</summary>
internal sealed class Deviations
{
    private readonly List<Deviation> _all = [.. Lines().Select(Deviation.Parse)];
    private readonly HashSet<Deviation> _met = [];

    /// <summary>Those that nothing needs any more.</summary>
    public IEnumerable<Deviation> Unmet => _all.Except(_met);

    /// <summary>The reason for a difference; null when it is none of ours.</summary>
    /// <param name="command">The command.</param>
    /// <param name="what">The parameter's or field's name, <c>fields</c> for all fields, or <c>command</c> for the command itself.</param>
    public string? ReasonFor(string command, string what)
    {
        if (_all.FirstOrDefault(d => d.What == what && (d.Command == command || d.Command == "*")) is not { } found) return null;
        _met.Add(found);
        return found.Reason;
    }

    private static IEnumerable<string> Lines()
    {
        using var reader = new StreamReader(typeof(Deviations).Assembly.GetManifestResourceStream("deviations")!);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') yield return line;
    }
}

/// <summary>One difference.</summary>
/// <param name="Command">The command; a star for all.</param>
/// <param name="What">The parameter's or field's name.</param>
/// <param name="Reason">Why.</param>
internal sealed record Deviation(string Command, string What, string Reason)
{
    public static Deviation Parse(string line) => line.Split('\t') is [var command, var what, { Length: > 0 } reason]
        ? new(command, what, reason)
        : throw new FormatException($"'{line}' is not command, name and reason between tabs.");
}
