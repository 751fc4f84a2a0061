namespace Stratiform.Conformance;

/// <summary>
/// Which commands were called with success, as this run of all tests wrote it down in the folder that STRATIFORM_CALLS names:
/// <c>tests-*</c> by tests on the simulator, <c>host-*</c> by stories on real hosts.
/// </summary>
internal sealed class Calls
{
    private readonly string? _folder = Environment.GetEnvironmentVariable("STRATIFORM_CALLS");
    private readonly HashSet<string> _tests;
    private readonly HashSet<string> _hosts;

    public Calls() => (_tests, _hosts) = (Read("tests-*"), Read("host-*"));

    /// <summary>False outside of a run of all tests.</summary>
    public bool AreKnown => _folder is not null;

    public bool InTests(string command) => _tests.Contains(command);

    public bool OnHosts(string command) => _hosts.Contains(command);

    private HashSet<string> Read(string pattern) => _folder is null
        ? []
        : Directory.GetFiles(_folder, pattern).SelectMany(File.ReadAllLines).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
