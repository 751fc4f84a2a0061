using System.CommandLine;

namespace Stratiform.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Endpoint { get; } = new("--endpoint")
    {
        Description = "The cloud's API address, for example http://127.0.0.1:8080/client/api",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON instead of tables", Recursive = true };

    public Option<bool> NoWait { get; } = new("--no-wait")
    {
        Description = "Do not wait for an asynchronous command: print its job",
        Recursive = true,
    };

    public Option<int> Timeout { get; } = new("--timeout")
    {
        Description = "Seconds to wait for a job",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 600,
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Options.Add(Endpoint);
        root.Options.Add(Json);
        root.Options.Add(NoWait);
        root.Options.Add(Timeout);
    }
}
