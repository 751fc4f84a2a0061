using Stratiform.Agent.Compute;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Storage;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Compute;

/// <summary>The domains that libvirt is given, to the letter.</summary>
public sealed class DomainXmlTests
{
    private static readonly DomainSurroundings Host =
        new(Accelerator.Tcg, "/images", "/state/console.log", "/channels/vm.sock", CpuShares: false);

    private static readonly DomainSpec Guest = new()
    {
        Id = Guid.Parse("01234567-89ab-7def-8123-456789abcdef"),
        Name = "i-2-VM",
        Vcpus = 2,
        CpuMhz = 1000,
        MemoryMib = 512,
        Disks = [new DiskSpec(Guid.Empty, Guid.Parse("11111111-1111-7111-8111-111111111111"))],
        Nics = [new NicSpec(Guid.Parse("22222222-2222-7222-8222-222222222222"), "02:00:00:00:00:01", Guid.Empty, 1450)],
    };

    [Fact]
    public void A_guest_under_emulation() => ShouldBeGolden("guest-tcg", Write(Guest, Host));

    [Fact]
    public void A_guest_under_kvm_with_weighed_processors() =>
        ShouldBeGolden("guest-kvm", Write(Guest, Host with { Accelerator = Accelerator.Kvm, CpuShares = true }));

    [Fact]
    public void A_guest_that_boots_from_a_disc() => ShouldBeGolden("guest-disc", DomainXml.Write(
        new DomainPlan(Guest with { BootsFromCdrom = true }, [new DiskSource("/pool/volumes/v.qcow2", "qcow2")], [new Plug("sfb-0123456789")],
            new Disc(new ImageOnPool(Guid.Empty, Guid.Empty), "/pool/images/i.iso")), Host));

    [Fact]
    public void A_system_vm() => ShouldBeGolden("system-vm", Write(
        Guest with { Name = "r-3-VM", Kernel = new KernelBoot("system-vm", "console=ttyS0 a=<&>\"'") }, Host));

    [Fact]
    public void A_system_vm_with_a_program_of_ours() => ShouldBeGolden("worker", Write(
        Guest with { Name = "s-4-VM", Kernel = new KernelBoot("system-vm", "console=ttyS0 stratiform.role=worker", "worker") },
        Host with { ScratchDisk = "/state/scratch/vm.raw" }));

    private static string Write(DomainSpec spec, DomainSurroundings host) =>
        DomainXml.Write(new DomainPlan(spec, [new DiskSource("/pool/volumes/v.qcow2", "qcow2")], [new Plug("sfb-0123456789")]), host);

    // A golden file is replaced by running the test with STRATIFORM_GOLDEN=write and reading the difference.
    private static void ShouldBeGolden(string name, string written)
    {
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "Golden", name + ".xml");
        if (Environment.GetEnvironmentVariable("STRATIFORM_GOLDEN") == "write") File.WriteAllText(path, written + "\n");
        (written + "\n").ShouldBe(File.ReadAllText(path));
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
