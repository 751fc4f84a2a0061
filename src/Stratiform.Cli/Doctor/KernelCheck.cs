namespace Stratiform.Cli.Doctor;

/// <summary>
/// What hosts and their fabric ask of the kernel, each tried out in a network namespace of its own that ends with the
/// trial: lists of modules and configuration files say less than one attempt.
/// </summary>
internal sealed class KernelCheck : ICheck
{
    private const string Name = "kernel";

    private static readonly (string Ability, string[] Trial)[] Trials =
    [
        ("network namespaces", ["true"]),
        ("veth", ["ip", "link", "add", "probe0", "type", "veth", "peer", "name", "probe1"]),
        ("bridge", ["ip", "link", "add", "probe0", "type", "bridge"]),
        ("vxlan", ["ip", "link", "add", "probe0", "type", "vxlan", "id", "7", "dstport", "4789", "group", "239.0.0.7", "dev", "lo"]),
        ("tap", ["ip", "tuntap", "add", "dev", "probe0", "mode", "tap"]),
        ("nft", ["nft", "add", "table", "inet", "probe"]),
        ("nft in bridges", ["nft", "add", "table", "bridge", "probe"]),
    ];

    public async Task<Finding> RunAsync(Machine machine, CancellationToken ct)
    {
        if (!machine.IsRoot)
            return new(Name, Verdict.Warn, "only root can try out namespaces, bridges and nft", "Run again as root: sudo strat doctor");
        var lacking = new List<string>();
        var untried = new List<string>();
        foreach (var (ability, trial) in Trials)
        {
            if (trial[0] != "true" && !(await machine.Tools.RunAsync(trial[0], ["-V"], ct)).IsThere)
                untried.Add(ability);
            else if (await machine.Tools.RunAsync("unshare", ["--net", .. trial], ct) is { ExitCode: not 0 } refused)
                lacking.Add($"{ability} ({refused.Error.Trim().Split('\n')[^1]})");
        }

        return (lacking, untried) switch
        {
            ({ Count: > 0 }, _) => new(
                Name, Verdict.Fail, $"cannot do: {string.Join(", ", lacking)}",
                "Load the module, or boot a kernel that has it; inside a container it needs more privileges."),
            (_, { Count: > 0 }) => new(
                Name, Verdict.Warn, $"not tried for lack of the tool: {string.Join(", ", untried)}", "Ask again after make up."),
            _ => new(Name, Verdict.Ok, string.Join(", ", Trials.Select(trial => trial.Ability))),
        };
    }
}
