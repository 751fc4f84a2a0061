using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>The images and programs of system VMs that are installed on the host, one folder each.</summary>
internal static class SystemVmImages
{
    private const string Kernel = "vmlinuz";

    /// <summary>Names of those that are in the folder, sorted.</summary>
    public static IReadOnlyList<string> In(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateDirectories(folder).Where(image => File.Exists(Path.Combine(image, Kernel))).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    /// <summary>Why a host does not boot an image, and what to do.</summary>
    public static HostException IsMissing(string image, string folder) => new(HostErrorCode.NotFound,
        $"The host has no system-VM image {image} in {folder}; packaging/images/ensure {image} prints the folder of one, which belongs there by that name.");

    /// <summary>Throws <see cref="HostErrorCode.NotFound"/> for a boot that lacks its image or its program here.</summary>
    public static void Require(string folder, KernelBoot kernel)
    {
        if (!File.Exists(Path.Combine(folder, kernel.Image, Kernel))) throw IsMissing(kernel.Image, folder);
        if (kernel.Program.Length > 0 && !File.Exists(Path.Combine(folder, kernel.Program, "program.squashfs")))
            throw new HostException(HostErrorCode.NotFound, $"The host has no program {kernel.Program} in {folder}.");
    }
}
