namespace Stratiform.Cli.Doctor;

/// <summary>Namespaces, bridges and mounts are root's to make.</summary>
internal sealed class RootCheck : ICheck
{
    public Task<Finding> RunAsync(Machine machine, CancellationToken ct) => Task.FromResult<Finding>(machine.IsRoot
        ? new("root", Verdict.Ok, "runs as root")
        : new(
            "root", Verdict.Fail, "hosts are made of namespaces, which only root can make",
            "Run as root: sudo make up. Without root there is: make sim"));
}
