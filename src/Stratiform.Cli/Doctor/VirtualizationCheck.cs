namespace Stratiform.Cli.Doctor;

/// <summary>
/// KVM or TCG. That /dev/kvm is there and opens proves nothing: nested or emulated machines offer it and then fail or
/// crawl, so an agent believes only a probe guest that ran. Here it is said what to expect.
/// </summary>
internal sealed class VirtualizationCheck : ICheck
{
    private const string Slow = "Guests run all the same, emulated, some ten times slower.";

    private const string NoProof = "That is no proof: each host's agent decides by booting a probe guest.";

    public Task<Finding> RunAsync(Machine machine, CancellationToken ct)
    {
        var device = machine.Path("/dev/kvm");
        var flags = machine.Read("/proc/cpuinfo")?.Split('\n')
            .FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal));
        var hasExtensions = flags?.Split(' ').Any(flag => flag is "vmx" or "svm") ?? false;
        return Task.FromResult<Finding>((File.Exists(device), hasExtensions) switch
        {
            (false, false) => new(
                "kvm", Verdict.Warn, "TCG: no /dev/kvm, and the processor shows neither vmx nor svm",
                $"{Slow} KVM needs a machine (or nested virtualization) that offers it."),
            (false, true) => new(
                "kvm", Verdict.Warn, "TCG: no /dev/kvm although the processor could",
                $"{Slow} Load the module: modprobe kvm_intel or kvm_amd."),
            (true, _) when Refusal(device) is { } refusal => new(
                "kvm", Verdict.Warn, $"TCG: /dev/kvm is there but does not open: {refusal}",
                $"{Slow} Run as root, or as a member of the group kvm."),
            (true, true) => new("kvm", Verdict.Ok, $"KVM, as it seems: /dev/kvm opens. {NoProof}"),
            (true, false) => new(
                "kvm", Verdict.Warn, $"TCG, as it seems: /dev/kvm opens, but the processor shows neither vmx nor svm. {NoProof}", Slow),
        });
    }

    private static string? Refusal(string device)
    {
        try
        {
            using var stream = new FileStream(device, FileMode.Open, FileAccess.ReadWrite);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
