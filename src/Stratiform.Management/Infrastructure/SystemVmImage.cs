using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>The images of system VMs, one for each architecture, and how they become one of them.</summary>
internal static class SystemVmImage
{
    /// <summary>The architecture of 64 bits, as clients name it. What has a program of ours is of this one.</summary>
    public const string Bits64 = "x86_64";

    /// <summary>The architecture of 32 bits.</summary>
    public const string Bits32 = "i386";

    /// <summary>By what name hosts have the image of an architecture.</summary>
    public static string Of(string arch) => arch == Bits64 ? "system-vm" : $"system-vm-{arch}";

    /// <summary>
    /// Boots it in a role. Of the kernel only warnings and errors go to the console, which is slow. Locked down it gives nobody its memory
    /// or an unsigned module, and makes no trace files, which modules of file systems would take seconds for on emulated processors.
    /// </summary>
    /// <param name="role">What it is to be: <c>router</c>, <c>worker</c>.</param>
    /// <param name="program">As of <see cref="KernelBoot"/>.</param>
    /// <param name="arch">Of which architecture.</param>
    public static KernelBoot Boot(string role, string program = "", string arch = Bits64) =>
        new(Of(arch), $"console=ttyS0 quiet lockdown=confidentiality stratiform.role={role}", program);
}
