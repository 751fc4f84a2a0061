using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>The images and programs of system VMs that are installed on the host, one folder each.</summary>
internal static class SystemVmImages
{
    /// <summary>Throws <see cref="HostErrorCode.NotFound"/> for a boot that lacks its image or its program here.</summary>
    public static void Require(string folder, KernelBoot kernel)
    {
        if (!File.Exists(Path.Combine(folder, kernel.Image, "vmlinuz")))
            throw new HostException(HostErrorCode.NotFound, $"The host has no system-VM image {kernel.Image} in {folder}.");
        if (kernel.Program.Length > 0 && !File.Exists(Path.Combine(folder, kernel.Program, "program.squashfs")))
            throw new HostException(HostErrorCode.NotFound, $"The host has no program {kernel.Program} in {folder}.");
    }
}
