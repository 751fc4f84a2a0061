using System.Net.Sockets;
using System.Text.Json.Nodes;
using Stratiform.Agent;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Tests.Contracts;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

[Collection(OnTheHost.Name)]
public sealed class LibvirtHypervisorTests(HostLab lab) : HypervisorContract
{
    protected override Task<HypervisorBench> BenchAsync() => Task.FromResult<HypervisorBench>(new Bench(lab));

    [Fact]
    public async Task Guests_outlive_libvirtd_and_the_agent_which_adopts_them()
    {
        await using var bench = new Bench(lab);
        var plan = await bench.PlanAsync();
        var before = await bench.Hypervisor.EnsureAsync(plan, default);
        await lab.KillLibvirtdAsync();
        var away = await Should.ThrowAsync<HostException>(() => bench.Hypervisor.ReadAsync(plan.Spec.Id, default));
        away.Code.ShouldBe(HostErrorCode.Busy);
        await lab.StartLibvirtdAsync();
        (await bench.Hypervisor.ReadAsync(plan.Spec.Id, default)).ShouldBe(before);
        await bench.RestartAsync();
        var adopted = (await bench.Hypervisor.ReadAllAsync(default)).Single();
        adopted.Report.ShouldBe(before);
        adopted.Spec.Name.ShouldBe(plan.Spec.Name);
    }

    [Fact]
    public async Task How_a_guest_ended_is_known_after_everything_was_restarted()
    {
        await using var bench = new Bench(lab);
        var (off, dead) = (await bench.PlanAsync(), await bench.PlanAsync());
        await bench.Hypervisor.EnsureAsync(off, default);
        var report = await bench.Hypervisor.EnsureAsync(dead, default);
        await bench.BootedAsync(off.Spec.Id);
        await bench.StopAsync();
        await bench.PowerOffInsideAsync(off.Spec.Id);
        await bench.KillAsync(report);
        using var libvirt = new Libvirt(lab.LibvirtUri);
        foreach (var plan in new[] { off, dead })
        {
            await Waiting.UntilAsync(
                () => libvirt.StateAsync(plan.Spec.Id, default), state => state?.Power == LibvirtPower.ShutOff);
        }
        await bench.RestartAsync();
        (await bench.Hypervisor.ReadAsync(off.Spec.Id, default)).Power.ShouldBe(PowerState.ShutOff);
        (await bench.Hypervisor.ReadAsync(dead.Spec.Id, default)).Power.ShouldBe(PowerState.Crashed);
        await lab.KillLibvirtdAsync();
        await lab.StartLibvirtdAsync();
        await bench.RestartAsync();
        (await bench.Hypervisor.ReadAsync(off.Spec.Id, default)).Power.ShouldBe(PowerState.ShutOff);
        (await bench.Hypervisor.ReadAsync(dead.Spec.Id, default)).Power.ShouldBe(PowerState.Crashed);
    }

    [Fact]
    public async Task A_disc_that_was_changed_is_what_qemu_has_open()
    {
        await using var bench = new Bench(lab);
        var (disc, plan) = (await bench.DiscAsync(), await bench.PlanAsync());
        plan = plan with { Spec = plan.Spec with { Kernel = null } };
        await bench.Hypervisor.EnsureAsync(plan, default);
        await bench.Hypervisor.EnsureCdromAsync(plan.Spec.Id, disc, false, default);
        using var libvirt = new Libvirt(lab.LibvirtUri);
        (await BlocksAsync()).ShouldContain(disc.Path);
        await bench.RestartAsync();
        (await bench.Hypervisor.ReadAllAsync(default)).Single().Spec.Cdrom.ShouldBe(disc.Iso);
        await bench.Hypervisor.EnsureCdromAsync(plan.Spec.Id, null, false, default);
        (await BlocksAsync()).ShouldNotContain(disc.Path);

        Task<string> BlocksAsync() => libvirt.AskMonitorAsync(plan.Spec.Id, """{"execute":"query-block"}""", default);
    }

    [Fact]
    public async Task An_announced_domain_is_learnt_by_its_bridge_though_its_guest_says_nothing()
    {
        await using var bench = new Bench(lab);
        var plan = await bench.PlanAsync();
        var silent = plan with { Spec = plan.Spec with { Kernel = null } };
        await bench.Hypervisor.EnsureAsync(silent, default);
        var card = silent.Spec.Nics.Single();
        (await LearntAsync()).ShouldNotContain(card.Mac);
        await bench.Hypervisor.AnnounceAsync(silent.Spec.Id, default);
        (await LearntAsync()).ShouldContain(card.Mac);

        Task<string> LearntAsync() => lab.InsideAsync("bridge", "fdb", "show", "dev", DeviceNames.Tap(card.Id));
    }

    [Fact]
    public async Task A_scratch_disk_is_empty_at_each_start_and_takes_no_more_than_it_holds()
    {
        await using var bench = new Bench(lab);
        var plan = await bench.PlanAsync();
        plan = plan with { Spec = plan.Spec with { ScratchBytes = 1L << 50 } };
        var running = await bench.Hypervisor.EnsureAsync(plan, default);
        var path = bench.ScratchOf(plan.Spec.Id);
        var free = new DriveInfo(lab.Folder).AvailableFreeSpace;
        new FileInfo(path).Length.ShouldBeInRange(256 << 20, free / 2 + (512 << 20));
        (await Shell.RunAsync("du", ["-k", path])).ShouldStartWith("0\t");
        using var libvirt = new Libvirt(lab.LibvirtUri);
        (await libvirt.AskMonitorAsync(plan.Spec.Id, """{"execute":"query-block"}""", default)).ShouldContain(path);
        await File.WriteAllTextAsync(path, "left");
        await bench.KillAsync(running);
        await Waiting.UntilAsync(() => bench.Hypervisor.ReadAsync(plan.Spec.Id, default), seen => seen.Power == PowerState.Crashed);
        await bench.Hypervisor.EnsureAsync(plan, default);
        (await Shell.RunAsync("du", ["-k", path])).ShouldStartWith("0\t");
    }

    [Fact]
    public async Task A_scratch_disk_goes_when_its_host_has_booted_anew()
    {
        await using var bench = new Bench(lab);
        var plan = await bench.PlanAsync();
        plan = plan with { Spec = plan.Spec with { ScratchBytes = ScratchBytes } };
        var running = await bench.Hypervisor.EnsureAsync(plan, default);
        await bench.StopAsync();
        await bench.KillAsync(running);
        await using var later = bench.AfterReboot();
        await HostLab.WaitForAsync(() => Task.FromResult(bench.ScratchBytesOf(plan.Spec.Id) == 0), "the scratch disk to go");
    }

    [Fact]
    public async Task The_accelerator_is_found_out_by_trying()
    {
        await using var bench = new Bench(lab);
        var description = await bench.Hypervisor.DescribeAsync(default);
        description.Version.ShouldMatch("^QEMU [0-9.]+, libvirt [0-9.]+$");
        description.Reason.ShouldNotBeEmpty();
        (await bench.Hypervisor.DescribeAsync(default)).ShouldBe(description);
    }

    [Fact]
    public async Task A_program_inside_has_a_socket_on_the_host_as_long_as_its_domain()
    {
        await using var bench = new Bench(lab);
        Directory.CreateDirectory($"{lab.ImagesFolder}/worker");
        await File.WriteAllBytesAsync($"{lab.ImagesFolder}/worker/program.squashfs", new byte[4096]);
        var plan = await bench.PlanAsync();
        var withProgram = plan with { Spec = plan.Spec with { Kernel = plan.Spec.Kernel! with { Program = "worker" } } };
        await bench.Hypervisor.EnsureAsync(withProgram, default);
        var path = $"{lab.ChannelsFolder}/{plan.Spec.Id}.sock";
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        await bench.Hypervisor.EnsureAbsentAsync(plan.Spec.Id, default);
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_program_that_the_host_does_not_have_is_not_started()
    {
        await using var bench = new Bench(lab);
        var plan = await bench.PlanAsync();
        var without = plan with { Spec = plan.Spec with { Kernel = plan.Spec.Kernel! with { Program = "unknown" } } };
        var refusal = await Should.ThrowAsync<HostException>(() => bench.Hypervisor.EnsureAsync(without, default));
        refusal.Code.ShouldBe(HostErrorCode.NotFound);
    }

    private sealed class Bench(HostLab lab) : HypervisorBench
    {
        private readonly Libvirt _libvirt = new(lab.LibvirtUri);
        private readonly string _state = lab.NewStateFolder();
        private readonly List<Guid> _domains = [];
        private readonly List<Guid> _networks = [];
        private readonly BridgeFabric _fabric = new(lab.Ip, lab.Nft, lab.Traffic, lab.NewStateFolder(), lab.Machine.BootId);
        private LibvirtHypervisor? _hypervisor;

        public override IHypervisor Hypervisor => _hypervisor ??= lab.NewHypervisor(_libvirt, _state);

        public override async Task<DomainPlan> PlanAsync()
        {
            var disk = new DiskSpec(Guid.CreateVersion7(), Guid.CreateVersion7());
            var (nic, plug) = await CardAsync();
            var plan = new DomainPlan(HostLab.SystemVm() with { Disks = [disk], Nics = [nic] }, [await lab.NewDiskAsync(disk.VolumeId)], [plug]);
            _domains.Add(plan.Spec.Id);
            return plan;
        }

        public override async Task<(NicSpec Card, Plug Plug)> CardAsync()
        {
            var nic = new NicSpec(Guid.CreateVersion7(), $"02:00:00:00:00:{_networks.Count + 1:x2}", Guid.CreateVersion7(), 1450);
            var vni = 900 + _networks.Count;
            await _fabric.EnsureAsync(
                new EnsureNetwork { NetworkId = nic.NetworkId, Traffic = TrafficType.Guest, Vni = vni, Mtu = 1450 }, default);
            _networks.Add(nic.NetworkId);
            return (nic, await _fabric.PlugAsync(nic, default));
        }

        public override async Task<Disc> DiscAsync()
        {
            var iso = new ImageOnPool(Guid.CreateVersion7(), Guid.CreateVersion7());
            var path = $"{lab.Folder}/{iso.ImageId}.iso";
            await SmallDisc.WriteAsync(path);
            return new Disc(iso, path);
        }

        public string ScratchOf(Guid domainId) => $"{_state}/scratch/{domainId}.raw";

        public override long ScratchBytesOf(Guid domainId) => new FileInfo(ScratchOf(domainId)) is { Exists: true } file ? file.Length : 0;

        public override Task BootedAsync(Guid domainId) => HostLab.WaitForAsync(async () =>
        {
            try
            {
                await AskAsync(domainId, new JsonObject { ["execute"] = "guest-ping" });
                return true;
            }
            catch (LibvirtException)
            {
                return false;
            }
        }, "the guest agent");

        public override Task PowerOffInsideAsync(Guid domainId) => AskAsync(domainId, new JsonObject
        {
            ["execute"] = "guest-exec",
            ["arguments"] = new JsonObject { ["path"] = "/bin/sh", ["arg"] = new JsonArray("-c", "poweroff") },
        });

        public override Task KillAsync(DomainReport domain) => Shell.RunAsync("sh", ["-c", $"kill -9 {domain.ProcessId}"]);

        public async Task StopAsync()
        {
            if (_hypervisor is not null) await _hypervisor.DisposeAsync();
            _hypervisor = null;
        }

        public Task RestartAsync() => StopAsync();

        /// <summary>The agent of a host that has booted anew since.</summary>
        public LibvirtHypervisor AfterReboot() => lab.NewHypervisor(_libvirt, _state, new FakeMachine(lab.Machine.HostId, lab.Machine.Name));

        public override async ValueTask DisposeAsync()
        {
            foreach (var domain in _domains) await Hypervisor.EnsureAbsentAsync(domain, default);
            foreach (var network in _networks) await _fabric.EnsureAbsentAsync(network, default);
            await StopAsync();
            _libvirt.Dispose();
        }

        private Task<string> AskAsync(Guid domainId, JsonObject question) =>
            _libvirt.AskAgentAsync(domainId, question.ToJsonString(), TimeSpan.FromSeconds(5), default);
    }
}
