namespace Stratiform.Cli.Doctor;

/// <summary>A server, a database, a hypervisor and guests want more than one processor between them.</summary>
internal sealed class CoresCheck : ICheck
{
    private const int Enough = 2;

    public Task<Finding> RunAsync(Machine machine, CancellationToken ct) => Task.FromResult<Finding>(machine.Cores >= Enough
        ? new("cores", Verdict.Ok, $"{machine.Cores} cores")
        : new("cores", Verdict.Warn, $"{machine.Cores} core", $"It works, slowly: give the machine {Enough} or more."));
}
