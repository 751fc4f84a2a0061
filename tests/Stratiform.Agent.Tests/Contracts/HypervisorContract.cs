using Stratiform.Agent.Compute;
using Stratiform.Agent.Networking;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Contracts;

/// <summary>What every hypervisor does. The domain of a bench boots to a guest that listens to its power button.</summary>
public abstract class HypervisorContract
{
    protected const long ScratchBytes = 512 << 20;

    protected abstract Task<HypervisorBench> BenchAsync();

    [Fact]
    public async Task A_domain_runs_and_asking_again_changes_nothing()
    {
        await using var bench = await BenchAsync();
        var plan = await bench.PlanAsync();
        var first = await bench.Hypervisor.EnsureAsync(plan, default);
        first.Power.ShouldBe(PowerState.Running);
        first.ProcessId.ShouldBeGreaterThan(0);
        var second = await bench.Hypervisor.EnsureAsync(plan with { Spec = plan.Spec with { MemoryMib = 999 } }, default);
        second.ShouldBe(first);
    }

    [Fact]
    public async Task A_domain_that_the_host_does_not_have_is_absent()
    {
        await using var bench = await BenchAsync();
        (await bench.Hypervisor.ReadAsync(Guid.CreateVersion7(), default)).Power.ShouldBe(PowerState.Absent);
        (await bench.Hypervisor.EnsureShutdownAsync(Guid.CreateVersion7(), default)).Power.ShouldBe(PowerState.Absent);
        await bench.Hypervisor.AnnounceAsync(Guid.CreateVersion7(), default);
        await bench.Hypervisor.EnsureAbsentAsync(Guid.CreateVersion7(), default);
    }

    [Fact]
    public async Task All_domains_are_told_with_what_they_are_made_of()
    {
        await using var bench = await BenchAsync();
        var plan = await bench.PlanAsync();
        await bench.Hypervisor.EnsureAsync(plan, default);
        var told = (await bench.Hypervisor.ReadAllAsync(default)).Single(domain => domain.Report.Id == plan.Spec.Id);
        told.Report.Power.ShouldBe(PowerState.Running);
        told.Spec.Name.ShouldBe(plan.Spec.Name);
        told.Spec.Disks.ShouldBe(plan.Spec.Disks);
        told.Spec.Nics.ShouldBe(plan.Spec.Nics);
    }

    [Fact]
    public async Task A_removed_domain_is_absent_and_can_be_made_anew()
    {
        await using var bench = await BenchAsync();
        var plan = await bench.PlanAsync();
        await bench.Hypervisor.EnsureAsync(plan, default);
        await bench.Hypervisor.EnsureAbsentAsync(plan.Spec.Id, default);
        (await bench.Hypervisor.ReadAsync(plan.Spec.Id, default)).Power.ShouldBe(PowerState.Absent);
        (await bench.Hypervisor.ReadAllAsync(default)).ShouldNotContain(domain => domain.Report.Id == plan.Spec.Id);
        (await bench.Hypervisor.EnsureAsync(plan, default)).Power.ShouldBe(PowerState.Running);
    }

    [Fact]
    public async Task A_guest_asked_to_shut_down_is_shut_off_and_starts_again_when_told()
    {
        await using var bench = await BenchAsync();
        var plan = await bench.PlanAsync();
        var first = await bench.Hypervisor.EnsureAsync(plan, default);
        await bench.BootedAsync(plan.Spec.Id);
        var off = await Waiting.UntilAsync(
            () => bench.Hypervisor.EnsureShutdownAsync(plan.Spec.Id, default), report => report.Power != PowerState.Running);
        off.Power.ShouldBe(PowerState.ShutOff);
        off.ProcessId.ShouldBe(0);
        var again = await bench.Hypervisor.EnsureAsync(plan, default);
        again.Power.ShouldBe(PowerState.Running);
        again.ProcessId.ShouldNotBe(first.ProcessId);
    }

    [Fact]
    public async Task A_guest_that_powers_itself_off_is_shut_off_and_that_is_told()
    {
        await using var bench = await BenchAsync();
        var plan = await bench.PlanAsync();
        await bench.Hypervisor.EnsureAsync(plan, default);
        await bench.BootedAsync(plan.Spec.Id);
        var told = new TaskCompletionSource();
        bench.Hypervisor.Changed += () => told.TrySetResult();
        await bench.PowerOffInsideAsync(plan.Spec.Id);
        await Waiting.UntilAsync(() => bench.Hypervisor.ReadAsync(plan.Spec.Id, default), report => report.Power == PowerState.ShutOff);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_domain_whose_process_died_has_crashed()
    {
        await using var bench = await BenchAsync();
        var plan = await bench.PlanAsync();
        var report = await bench.Hypervisor.EnsureAsync(plan, default);
        await bench.KillAsync(report);
        await Waiting.UntilAsync(() => bench.Hypervisor.ReadAsync(plan.Spec.Id, default), seen => seen.Power == PowerState.Crashed);
        (await bench.Hypervisor.EnsureAsync(plan, default)).Power.ShouldBe(PowerState.Running);
    }

    [Fact]
    public async Task Discs_are_changed_while_a_domain_runs()
    {
        await using var bench = await BenchAsync();
        var (first, second) = (await bench.DiscAsync(), await bench.DiscAsync());
        var plan = WithDrive(await bench.PlanAsync());
        (await bench.Hypervisor.EnsureCdromAsync(plan.Spec.Id, first, false, default)).Power.ShouldBe(PowerState.Absent);
        var running = await bench.Hypervisor.EnsureAsync(plan, default);
        foreach (var disc in new[] { first, first, second, null, null, second })
        {
            (await bench.Hypervisor.EnsureCdromAsync(plan.Spec.Id, disc, false, default)).ShouldBe(running);
            (await SpecAsync()).Cdrom.ShouldBe(disc?.Iso);
            (await bench.Hypervisor.ReadAllAsync(default)).Single().Holds(second.Iso).ShouldBe(disc == second);
        }

        async Task<DomainSpec> SpecAsync() => (await bench.Hypervisor.ReadAllAsync(default)).Single(domain => domain.Report.Id == plan.Spec.Id).Spec;
    }

    [Fact]
    public async Task Several_domains_start_with_the_same_disc()
    {
        await using var bench = await BenchAsync();
        var disc = await bench.DiscAsync();
        for (var i = 0; i < 2; i++)
        {
            var plan = WithDrive(await bench.PlanAsync());
            plan = plan with { Spec = plan.Spec with { Cdrom = disc.Iso, BootsFromCdrom = true }, Disc = disc };
            (await bench.Hypervisor.EnsureAsync(plan, default)).Power.ShouldBe(PowerState.Running);
        }
        (await bench.Hypervisor.ReadAllAsync(default)).Count(domain => domain.Holds(disc.Iso)).ShouldBe(2);
    }

    [Fact]
    public async Task A_system_vm_boots_an_image_that_is_installed_and_no_other()
    {
        await using var bench = await BenchAsync();
        bench.Hypervisor.Images.ShouldContain("system-vm");
        var plan = await bench.PlanAsync();
        var boot = new KernelBoot("system-vm-of-nobody", "");
        var refusal = await Should.ThrowAsync<HostException>(() => bench.Hypervisor.EnsureAsync(plan with { Spec = plan.Spec with { Kernel = boot } }, default));
        (refusal.Code, refusal.Message.Contains("packaging/images/ensure system-vm-of-nobody", StringComparison.Ordinal)).ShouldBe((HostErrorCode.NotFound, true), refusal.Message);
        (await bench.Hypervisor.ReadAsync(plan.Spec.Id, default)).Power.ShouldBe(PowerState.Absent);
    }

    [Fact]
    public async Task A_system_vm_has_no_drive()
    {
        await using var bench = await BenchAsync();
        var plan = await bench.PlanAsync();
        plan = plan with { Spec = plan.Spec with { Kernel = plan.Spec.Kernel ?? new KernelBoot("system-vm", "") } };
        await bench.Hypervisor.EnsureAsync(plan, default);
        var disc = await bench.DiscAsync();
        (await Should.ThrowAsync<HostException>(() => bench.Hypervisor.EnsureCdromAsync(plan.Spec.Id, disc, false, default))).Code.ShouldBe(HostErrorCode.Unsupported);
    }

    [Fact]
    public async Task Network_cards_come_and_go_while_a_domain_runs()
    {
        await using var bench = await BenchAsync();
        var plan = await bench.PlanAsync();
        var (card, plug) = await bench.CardAsync();
        (await bench.Hypervisor.EnsureNicAsync(plan.Spec.Id, card, plug, default)).ShouldBeFalse("it is off");
        var running = await bench.Hypervisor.EnsureAsync(plan, default);
        await bench.BootedAsync(plan.Spec.Id);
        var changed = card with { Guard = new NicGuard(["10.1.1.9"]) };
        foreach (var described in new[] { card, card, changed })
        {
            (await bench.Hypervisor.EnsureNicAsync(plan.Spec.Id, described, plug, default)).ShouldBeTrue();
            (await CardsAsync()).ShouldBe([plan.Spec.Nics[0], described]);
        }
        (await bench.Hypervisor.ReadAllAsync(default)).Single().IsPluggedInto(card.NetworkId).ShouldBeTrue();
        await Waiting.UntilAsync(async () => new NicReport(await bench.Hypervisor.EnsureNoNicAsync(plan.Spec.Id, card.Id, default)), card => !card.IsIn);
        (await CardsAsync()).ShouldBe(plan.Spec.Nics);
        (await bench.Hypervisor.EnsureNoNicAsync(plan.Spec.Id, card.Id, default)).ShouldBeFalse("it is out already");
        (await bench.Hypervisor.ReadAsync(plan.Spec.Id, default)).ShouldBe(running);

        async Task<IReadOnlyList<NicSpec>> CardsAsync() => (await bench.Hypervisor.ReadAllAsync(default)).Single(domain => domain.Report.Id == plan.Spec.Id).Spec.Nics;
    }

    private static DomainPlan WithDrive(DomainPlan plan) => plan with { Spec = plan.Spec with { Kernel = null } };

    [Fact]
    public async Task A_scratch_disk_is_there_as_long_as_its_domain()
    {
        await using var bench = await BenchAsync();
        var (without, plan) = (await bench.PlanAsync(), await bench.PlanAsync());
        plan = plan with { Spec = plan.Spec with { ScratchBytes = ScratchBytes } };
        await bench.Hypervisor.EnsureAsync(without, default);
        bench.ScratchBytesOf(without.Spec.Id).ShouldBe(0);
        var running = await bench.Hypervisor.EnsureAsync(plan, default);
        bench.ScratchBytesOf(plan.Spec.Id).ShouldBe(ScratchBytes);
        await bench.KillAsync(running);
        await Waiting.UntilAsync(() => bench.Hypervisor.ReadAsync(plan.Spec.Id, default), seen => seen.Power == PowerState.Crashed);
        await bench.Hypervisor.EnsureAsync(plan, default);
        bench.ScratchBytesOf(plan.Spec.Id).ShouldBe(ScratchBytes);
        await bench.Hypervisor.EnsureAbsentAsync(plan.Spec.Id, default);
        bench.ScratchBytesOf(plan.Spec.Id).ShouldBe(0);
    }

    [Fact]
    public async Task A_domain_that_does_not_start_leaves_no_scratch_disk()
    {
        await using var bench = await BenchAsync();
        var first = await bench.PlanAsync();
        await bench.Hypervisor.EnsureAsync(first, default);
        var second = await bench.PlanAsync();
        second = second with { Spec = second.Spec with { Disks = first.Spec.Disks, ScratchBytes = ScratchBytes }, Disks = first.Disks };
        await Should.ThrowAsync<HostException>(() => bench.Hypervisor.EnsureAsync(second, default));
        bench.ScratchBytesOf(second.Spec.Id).ShouldBe(0);
    }

    [Fact]
    public async Task A_disk_is_opened_by_one_domain()
    {
        await using var bench = await BenchAsync();
        var first = await bench.PlanAsync();
        await bench.Hypervisor.EnsureAsync(first, default);
        var second = await bench.PlanAsync();
        second = second with { Spec = second.Spec with { Disks = first.Spec.Disks }, Disks = first.Disks };
        var refusal = await Should.ThrowAsync<HostException>(() => bench.Hypervisor.EnsureAsync(second, default));
        refusal.Code.ShouldBe(HostErrorCode.Failed);
        (await bench.Hypervisor.ReadAsync(second.Spec.Id, default)).Power.ShouldBe(PowerState.Absent);
    }
}

/// <summary>A hypervisor under test, and hands to do what guests and accidents do.</summary>
public abstract class HypervisorBench : IAsyncDisposable
{
    public abstract IHypervisor Hypervisor { get; }

    /// <summary>A plan for a new domain with one disk and one network card.</summary>
    public abstract Task<DomainPlan> PlanAsync();

    /// <summary>A new ISO.</summary>
    public abstract Task<Disc> DiscAsync();

    /// <summary>A network card that no domain has, and where it would be plugged.</summary>
    public abstract Task<(NicSpec Card, Plug Plug)> CardAsync();

    /// <summary>Size of the scratch disk that lies here for the domain; 0 for none.</summary>
    public abstract long ScratchBytesOf(Guid domainId);

    /// <summary>Waits until the guest listens to its power button.</summary>
    public abstract Task BootedAsync(Guid domainId);

    public abstract Task PowerOffInsideAsync(Guid domainId);

    public abstract Task KillAsync(DomainReport domain);

    public abstract ValueTask DisposeAsync();
}
