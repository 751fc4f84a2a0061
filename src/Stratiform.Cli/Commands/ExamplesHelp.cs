using System.Collections.Frozen;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Stratiform.Cli.Commands;

/// <summary>Help that ends with what one would really type.</summary>
internal sealed class ExamplesHelp : SynchronousCommandLineAction
{
    private static readonly FrozenDictionary<string, string[]> ByCommand = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["strat"] =
        [
            "strat vm list",
            "strat vm deploy web --zone box --template tiny --service-offering 'Small Instance' --networks private",
            "strat vm stop web --forced",
            "strat ssh web -- uptime",
            "strat status",
            "strat api listZones available=true",
        ],
        ["strat api"] =
        [
            "strat api listVirtualMachines listall=true state=Running",
            "strat api updateUser id=UUID password=@secret.txt",
            "strat api deployVirtualMachine --help",
        ],
        ["strat vm"] =
        [
            "strat vm list --columns name,ip=nic.ipaddress,memory:mib",
            "strat vm show web --json",
            "strat vm start web --no-wait",
        ],
        ["strat vm deploy"] =
        [
            "strat vm deploy web --zone box --template tiny --service-offering 'Small Instance' --networks private",
            "strat vm deploy big --zone box --template tiny --service-offering Custom --details cpuNumber=2,memory=1024",
            "strat vm deploy app --zone box --template tiny --service-offering 'Small Instance' --userdata @init.sh",
        ],
        ["strat ssh"] = ["strat ssh web", "strat ssh web -- journalctl -f", "strat ssh web -- -l admin uptime"],
        ["strat workflow"] =
        [
            "strat workflow list --phase stuck",
            "strat workflow show ID",
            "strat workflow retry ID",
            "strat workflow skip ID",
        ],
        ["strat job"] = ["strat job list", "strat job wait ID"],
        ["strat completion"] = ["eval \"$(strat completion bash)\"", "strat completion fish | source"],
        ["strat audit"] = ["strat audit && echo clean", "strat audit --json | jq .leaks"],
        ["strat setting"] = ["strat setting list --keyword expunge", "strat setting update expunge.delay --value 60"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public override int Invoke(ParseResult parseResult)
    {
        new HelpAction().Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (ByCommand.TryGetValue(CommandPath.Of(parseResult.CommandResult.Command), out var examples))
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }

        if (parseResult.CommandResult.Command is RootCommand)
        {
            output.WriteLine("Commands of the cloud come from its own list: strat sync reads it again.");
            output.WriteLine("Exit codes: 0 done, 1 refused, 2 usage, 3 no server.");
        }

        return ExitCodes.Ok;
    }
}
