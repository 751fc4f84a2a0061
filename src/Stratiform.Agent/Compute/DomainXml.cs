using System.Xml.Linq;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>What of a domain's description depends on the host.</summary>
/// <param name="Accelerator">How its instructions are executed.</param>
/// <param name="ImagesFolder">Where system-VM images lie, one folder each.</param>
/// <param name="ConsoleLog">The file that its serial console is copied to.</param>
/// <param name="WorkerSocket">Where QEMU listens on behalf of a program inside.</param>
/// <param name="CpuShares">Whether the host weighs processors by cgroups.</param>
/// <param name="ScratchDisk">The file of its scratch disk; null when it has none.</param>
internal sealed record DomainSurroundings(
    Accelerator Accelerator, string ImagesFolder, string ConsoleLog, string WorkerSocket, bool CpuShares, string? ScratchDisk = null);

/// <summary>Writes domains as libvirt wants them.</summary>
internal static class DomainXml
{
    // Translated code of a busy guest grows to a gigabyte if nothing caps it; what is too small for a boot is filled, emptied and
    // filled again.
    private const int LeastTranslatedMib = 64;
    private const int MostTranslatedMib = 256;

    public static string Write(DomainPlan plan, DomainSurroundings host)
    {
        var spec = plan.Spec;
        return new XElement("domain",
            new XAttribute("type", host.Accelerator == Accelerator.Kvm ? "kvm" : "qemu"),
            new XElement("name", spec.Name),
            new XElement("uuid", spec.Id),
            new XElement("memory", new XAttribute("unit", "MiB"), spec.MemoryMib),
            new XElement("vcpu", spec.Vcpus),
            host.CpuShares ? new XElement("cputune", new XElement("shares", Shares(spec))) : null,
            Boot(spec, host),
            // Guests recognise their cloud by these names.
            new XElement("sysinfo", new XAttribute("type", "smbios"), new XElement("system",
                Entry("manufacturer", "Apache Software Foundation"),
                Entry("product", "CloudStack KVM Hypervisor"),
                Entry("uuid", spec.Id.ToString()))),
            new XElement("features", new XElement("acpi"), new XElement("apic"), Translation(spec, host)),
            new XElement("cpu", new XAttribute("mode", host.Accelerator == Accelerator.Kvm ? "host-passthrough" : "maximum")),
            new XElement("clock", new XAttribute("offset", "utc")),
            new XElement("on_poweroff", "destroy"),
            new XElement("on_reboot", "restart"),
            new XElement("on_crash", "destroy"),
            new XElement("devices", Disks(plan, host), Nics(plan), Console(host), Program(spec, host), Screen(spec), Rest())).ToString();
    }

    // A thousand shares are the default weight; a promised GHz weighs as much.
    private static long Shares(DomainSpec spec) => Math.Clamp((long)spec.Vcpus * spec.CpuMhz, 2, 262_144);

    private static XElement Boot(DomainSpec spec, DomainSurroundings host)
    {
        var os = new XElement("os", new XElement("type", new XAttribute("arch", "x86_64"), new XAttribute("machine", "pc"), "hvm"));
        if (spec.Kernel is { } kernel)
        {
            os.Add(new XElement("kernel", $"{host.ImagesFolder}/{kernel.Image}/vmlinuz"));
            os.Add(new XElement("initrd", $"{host.ImagesFolder}/{kernel.Image}/initrd"));
            os.Add(new XElement("cmdline", kernel.CommandLine));
        }
        else
        {
            if (spec.BootsFromCdrom) os.Add(new XElement("boot", new XAttribute("dev", "cdrom")));
            os.Add(new XElement("boot", new XAttribute("dev", "hd")));
        }
        os.Add(new XElement("smbios", new XAttribute("mode", "sysinfo")));
        return os;
    }

    private static XElement? Translation(DomainSpec spec, DomainSurroundings host) => host.Accelerator == Accelerator.Kvm ? null :
        new XElement("tcg", new XElement("tb-cache", new XAttribute("unit", "MiB"), Math.Clamp(spec.MemoryMib, LeastTranslatedMib, MostTranslatedMib)));

    private static IEnumerable<XElement> Disks(DomainPlan plan, DomainSurroundings host)
    {
        var letter = 'a';
        if (plan.Spec.Kernel is { } kernel)
        {
            yield return Disk($"{host.ImagesFolder}/{kernel.Image}/root.squashfs", "raw", letter++, new XElement("readonly"));
            if (kernel.Program.Length > 0)
                yield return Disk($"{host.ImagesFolder}/{kernel.Program}/program.squashfs", "raw", letter++, new XElement("readonly"));
        }
        foreach (var disk in plan.Disks) yield return Disk(disk.Path, disk.Format, letter++, null);
        if (host.ScratchDisk is { } scratch) yield return Scratch(Disk(scratch, "raw", letter, null));
        if (plan.Spec.Kernel is null) yield return Drive.Write(plan.Disc);
    }

    private static XElement Disk(string path, string format, char letter, XElement? readOnly) => new("disk",
        new XAttribute("type", "file"), new XAttribute("device", "disk"),
        new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", format),
            readOnly is null ? new XAttribute("discard", "unmap") : null),
        new XElement("source", new XAttribute("file", path)),
        new XElement("target", new XAttribute("dev", $"vd{letter}"), new XAttribute("bus", "virtio")),
        readOnly);

    // A guest would be paused when the host is full: this one only loses what it was writing.
    private static XElement Scratch(XElement disk)
    {
        disk.Element("driver")!.Add(new XAttribute("error_policy", "report"));
        disk.Add(new XElement("serial", DomainSpec.ScratchSerial));
        return disk;
    }

    private static IEnumerable<XElement> Nics(DomainPlan plan) => plan.Spec.Nics.Zip(plan.Plugs, Card.Write);

    private static IEnumerable<XElement> Console(DomainSurroundings host)
    {
        yield return new XElement("serial", new XAttribute("type", "pty"),
            new XElement("log", new XAttribute("file", host.ConsoleLog), new XAttribute("append", "on")));
        yield return new XElement("console", new XAttribute("type", "pty"));
        yield return new XElement("channel", new XAttribute("type", "unix"),
            new XElement("target", new XAttribute("type", "virtio"), new XAttribute("name", "org.qemu.guest_agent.0")));
    }

    private static XElement? Program(DomainSpec spec, DomainSurroundings host) => spec.Kernel is null or { Program: "" } ? null :
        new XElement("channel", new XAttribute("type", "unix"),
            new XElement("source", new XAttribute("mode", "bind"), new XAttribute("path", host.WorkerSocket)),
            new XElement("target", new XAttribute("type", "virtio"), new XAttribute("name", WorkerSockets.Channel)));

    // A system VM has nobody to look at it.
    private static IEnumerable<XElement> Screen(DomainSpec spec)
    {
        if (spec.Kernel is not null)
        {
            yield return new XElement("video", new XElement("model", new XAttribute("type", "none")));
            yield break;
        }
        yield return new XElement("graphics", new XAttribute("type", "vnc"),
            new XElement("listen", new XAttribute("type", "socket")));
        yield return new XElement("video", new XElement("model", new XAttribute("type", "vga")));
    }

    private static IEnumerable<XElement> Rest()
    {
        yield return new XElement("rng", new XAttribute("model", "virtio"),
            new XElement("backend", new XAttribute("model", "random"), "/dev/urandom"));
        yield return new XElement("memballoon", new XAttribute("model", "virtio"));
        yield return new XElement("controller", new XAttribute("type", "usb"), new XAttribute("model", "none"));
    }

    private static XElement Entry(string name, string value) => new("entry", new XAttribute("name", name), value);
}
