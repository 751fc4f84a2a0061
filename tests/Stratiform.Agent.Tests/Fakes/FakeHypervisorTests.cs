using Stratiform.Agent.Compute;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Storage;
using Stratiform.Agent.Tests.Contracts;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Fakes;

public sealed class FakeHypervisorTests : HypervisorContract
{
    protected override Task<HypervisorBench> BenchAsync() => Task.FromResult<HypervisorBench>(new Bench());

    [Fact]
    public async Task A_guest_may_keep_its_drive_shut()
    {
        await using var bench = new Bench();
        var hypervisor = (FakeHypervisor)bench.Hypervisor;
        hypervisor.DrivesAreShut = true;
        var plan = await bench.PlanAsync();
        await hypervisor.EnsureAsync(plan, default);
        await hypervisor.EnsureCdromAsync(plan.Spec.Id, await bench.DiscAsync(), false, default);
        (await Should.ThrowAsync<HostException>(() => hypervisor.EnsureCdromAsync(plan.Spec.Id, null, false, default))).Message.ShouldContain("keeps its drive shut");
        await hypervisor.EnsureCdromAsync(plan.Spec.Id, null, true, default);
        (await hypervisor.ReadAllAsync(default)).Single().Spec.Cdrom.ShouldBeNull();
    }

    [Fact]
    public async Task A_guest_may_keep_its_network_card()
    {
        await using var bench = new Bench();
        var hypervisor = (FakeHypervisor)bench.Hypervisor;
        hypervisor.CardsAreHeld = true;
        var plan = await bench.PlanAsync();
        await hypervisor.EnsureAsync(plan, default);
        (await hypervisor.EnsureNoNicAsync(plan.Spec.Id, plan.Spec.Nics[0].Id, default)).ShouldBeTrue();
        (await hypervisor.ReadAllAsync(default)).Single().Spec.Nics.ShouldBe(plan.Spec.Nics);
    }

    private sealed class Bench : HypervisorBench
    {
        private readonly FakeHypervisor _hypervisor = new(TimeProvider.System, new FakeDiskLocks());
        private int _names;

        private static Plug Plug { get; } = new("fake");

        public override IHypervisor Hypervisor => _hypervisor;

        public override Task<DomainPlan> PlanAsync()
        {
            var disk = new DiskSpec(Guid.CreateVersion7(), Guid.CreateVersion7());
            return Task.FromResult(new DomainPlan(
                new DomainSpec
                {
                    Id = Guid.CreateVersion7(),
                    Name = $"i-{++_names}",
                    Vcpus = 1,
                    CpuMhz = 500,
                    MemoryMib = 64,
                    Disks = [disk],
                    Nics = [NewCard()],
                },
                [new DiskSource($"/pool/{disk.VolumeId}", "qcow2")], [Plug]));
        }

        public override Task<(NicSpec Card, Plug Plug)> CardAsync() => Task.FromResult((NewCard(), Plug));

        public override Task<Disc> DiscAsync()
        {
            var iso = new ImageOnPool(Guid.CreateVersion7(), Guid.CreateVersion7());
            return Task.FromResult(new Disc(iso, $"/pool/images/{iso.ImageId}.iso"));
        }

        public override long ScratchBytesOf(Guid domainId) => _hypervisor.ScratchBytesOf(domainId);

        public override Task BootedAsync(Guid domainId) => Task.CompletedTask;

        public override Task PowerOffInsideAsync(Guid domainId)
        {
            _hypervisor.SetPower(domainId, PowerState.ShutOff);
            return Task.CompletedTask;
        }

        public override Task KillAsync(DomainReport domain)
        {
            _hypervisor.SetPower(domain.Id, PowerState.Crashed);
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static NicSpec NewCard() => new(Guid.CreateVersion7(), "02:00:00:00:00:01", Guid.CreateVersion7(), 1450);
    }
}
