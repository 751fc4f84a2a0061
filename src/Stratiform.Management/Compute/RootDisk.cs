using Stratiform.Management.Api;
using Stratiform.Management.Compute.Commands;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>The root disk that a new virtual machine gets: a clone of its template, or an empty one to install an ISO on.</summary>
/// <param name="SizeBytes">Its size, bytes.</param>
/// <param name="CloneOf">The template; null for an empty disk.</param>
internal sealed record RootDisk(long SizeBytes, Id<Template>? CloneOf)
{
    private const long Gib = 1 << 30;
    private const long LargestGib = 1 << 20;

    /// <exception cref="Stratiform.Workflows.CloudException">What was asked for does not go together.</exception>
    public static async Task<RootDisk> ChooseAsync(
        CloudDb db, DeployVirtualMachine command, ServiceOffering offering, Template image, Caller caller, CancellationToken ct)
    {
        if (command.RootDiskSize is < 1 or > LargestGib) throw Refusal.Parameter("rootdisksize is between 1 and 1048576 GiB.");
        if (!image.IsIso) return new(CloneSize(command, offering, image), image.Id);
        if (!image.Bootable) throw Refusal.Parameter($"The ISO {image.Name} is not bootable; start from a template, then attach it (attachIso).");
        if (command.DiskOfferingId is not { } kind) throw Refusal.Parameter("An ISO needs diskofferingid: the root disk to install it on.");
        var disk = await db.FindAsync(caller, kind, ct, nameof(command.DiskOfferingId));
        if (disk.SizeBytes is { } given) return new(given, null);
        return (command.Size ?? command.RootDiskSize) is >= 1 and <= LargestGib and var size
            ? new(size * Gib, null)
            : throw Refusal.Parameter($"The disk offering {disk.Name} leaves the size open; give size, between 1 and {LargestGib} GiB.");
    }

    /// <summary>The hypervisor of a parameter, which an ISO does not tell.</summary>
    public static Hypervisor RequireHypervisor(string? name) =>
        Enum.TryParse<Hypervisor>(name, ignoreCase: true, out var hypervisor) && Enum.IsDefined(hypervisor)
            ? hypervisor
            : throw Refusal.Parameter("An ISO needs hypervisor: KVM or Simulator.");

    private static long CloneSize(DeployVirtualMachine command, ServiceOffering offering, Template template)
    {
        if (command.DiskOfferingId is not null)
            throw Refusal.Parameter("diskofferingid goes with an ISO; a virtual machine that starts from a template gets its root disk from that.");
        var wanted = command.RootDiskSize * Gib ?? offering.RootDiskBytes ?? template.VirtualSizeBytes;
        if (wanted < template.VirtualSizeBytes)
            throw Refusal.Parameter($"rootdisksize is less than the template's size, {template.VirtualSizeBytes} bytes; a disk cannot shrink.");
        return wanted;
    }
}
