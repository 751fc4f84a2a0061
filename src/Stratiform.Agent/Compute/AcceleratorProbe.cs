using System.Text.Json;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>
/// Finds out whether KVM really works: a kernel without a root must get as far as its panic. That /dev/kvm is there proves
/// nothing, nor do a few instructions in real mode: on some machines those run and the first kernel hangs for ever. The answer
/// is remembered for this boot of the machine and this version of QEMU.
/// </summary>
internal sealed class AcceleratorProbe(string emulator, string kernel, string memory)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<ProbeResult> RunAsync(Version qemu, CancellationToken ct)
    {
        var occasion = $"{MachineBoot()} {qemu}";
        if (Remembered() is { } known && known.Occasion == occasion) return known;
        var (accelerator, reason) = await TryAsync(ct);
        var result = new ProbeResult(occasion, accelerator, reason);
        DurableFile.Write(memory, JsonSerializer.Serialize(result, ProtocolJson.Options));
        return result;
    }

    private ProbeResult? Remembered() =>
        File.Exists(memory) ? JsonSerializer.Deserialize<ProbeResult>(File.ReadAllText(memory), ProtocolJson.Options) : null;

    private async Task<(Accelerator Accelerator, string Reason)> TryAsync(CancellationToken ct)
    {
        if (!File.Exists("/dev/kvm")) return (Accelerator.Tcg, "There is no /dev/kvm.");
        if (!File.Exists(kernel)) return (Accelerator.Tcg, $"KVM was not tried: there is no kernel to try it with at {kernel}.");
        string[] arguments =
        [
            "-accel", "kvm", "-machine", "pc", "-cpu", "host", "-m", "96", "-nodefaults", "-display", "none", "-no-reboot",
            "-kernel", kernel, "-append", "panic=-1 quiet",
        ];
        try
        {
            var result = await Shell.TryRunAsync(emulator, arguments, Limit, ct);
            return result.ExitCode == 0
                ? (Accelerator.Kvm, "A probe guest ran under KVM.")
                : (Accelerator.Tcg, $"KVM does not start: {result.Errors.Split('\n')[0]}");
        }
        catch (ShellException)
        {
            return (Accelerator.Tcg, $"KVM is there but a probe guest did not boot within {Limit.TotalSeconds} s.");
        }
    }

    // Not the boot id, which containers may have one of their own of.
    private static string MachineBoot() =>
        File.ReadLines("/proc/stat").First(line => line.StartsWith("btime ", StringComparison.Ordinal))["btime ".Length..];
}

/// <summary>What a probe found.</summary>
/// <param name="Occasion">The boot of the machine and the version that it holds for.</param>
/// <param name="Accelerator">What works.</param>
/// <param name="Reason">Why, in a sentence.</param>
internal sealed record ProbeResult(string Occasion, Accelerator Accelerator, string Reason);
