using System.Text;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Networking;
using Stratiform.Agent.SystemVms;
using Stratiform.Agent.Tests.Contracts;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

[Collection(OnTheHost.Name)]
public sealed class GuestAgentRouterTests(HostLab lab) : RouterContract
{
    protected override async Task<RouterBench> BenchAsync()
    {
        var bench = new Bench(lab);
        await bench.StartAsync();
        return bench;
    }

    [Fact]
    public async Task What_is_too_much_for_one_call_comes_in_several_and_only_once()
    {
        await using var bench = await BenchAsync();
        // Nothing that packs well.
        var bytes = new byte[700 << 10];
        new Random(1).NextBytes(bytes);
        var userData = new RouterFile("userdata/10.1.1.5", bytes);
        for (var generation = 1; generation <= 2; generation++)
        {
            var sound = bench.Sound(generation);
            var applied = await bench.Channel.EnsureAsync(sound with { Files = [.. sound.Files, userData] }, default);
            (applied.Generation, applied.FailedPart).ShouldBe((generation, ""), applied.FailedText);
        }
    }

    // Only a run of all the tests builds its image.
    [Fact, Trait("Needs", "I386")]
    public async Task One_of_32_bits_is_spoken_with_like_any()
    {
        await lab.InstallAsync("system-vm-i386");
        await using var bench = new Bench(lab);
        await bench.StartAsync(spec => spec with { MemoryMib = 64, Kernel = spec.Kernel! with { Image = "system-vm-i386" } });
        var applied = await bench.Channel.EnsureAsync(bench.Sound(1), default);
        (applied.Generation, applied.FailedPart).ShouldBe((1, ""), applied.FailedText);
        (await bench.Channel.ReadAsync(bench.RouterId, default)).Generation.ShouldBe(1);
        var refused = await bench.Channel.EnsureAsync(bench.Broken(2), default);
        (refused.Generation, refused.FailedPart).ShouldBe((1, "nft"), refused.FailedText);
    }

    private sealed class Bench : RouterBench
    {
        private readonly Libvirt _libvirt;
        private readonly LibvirtHypervisor _hypervisor;

        public Bench(HostLab lab)
        {
            _libvirt = new Libvirt(lab.LibvirtUri);
            _hypervisor = lab.NewHypervisor(_libvirt, lab.NewStateFolder());
            Channel = new GuestAgentRouter(_libvirt, _hypervisor, TimeProvider.System);
        }

        public override IRouterChannel Channel { get; }

        public override Guid RouterId { get; } = Guid.CreateVersion7();

        public async Task StartAsync(Func<DomainSpec, DomainSpec>? change = null)
        {
            var nic = new NicSpec(Guid.CreateVersion7(), Mac, Guid.CreateVersion7(), 1500);
            var spec = HostLab.SystemVm() with { Id = RouterId, Nics = [nic] };
            await _hypervisor.EnsureAsync(new DomainPlan(change?.Invoke(spec) ?? spec, [], [new Plug("br-public")]), default);
            await HostLab.WaitForAsync(async () => (await Channel.ReadAsync(RouterId, default)).Answers, "the router");
        }

        public override EnsureRouterConfiguration Sound(long generation) =>
            Configuration(generation, "flush ruleset inet\ntable inet filter {\n chain input {\n  type filter hook input priority 0\n }\n}\n");

        public override EnsureRouterConfiguration Broken(long generation) => Configuration(generation, "flush ruleset inet\nthis is no rule\n");

        public override async ValueTask DisposeAsync()
        {
            await _hypervisor.EnsureAbsentAsync(RouterId, default);
            await _hypervisor.DisposeAsync();
            _libvirt.Dispose();
        }

        private EnsureRouterConfiguration Configuration(long generation, string rules) => new()
        {
            RouterId = RouterId,
            Generation = generation,
            Files =
            [
                new RouterFile("nft.rules", Encoding.UTF8.GetBytes(rules)),
                new RouterFile("interfaces", Encoding.UTF8.GetBytes($"{Mac} guest 10.1.1.1/24 1500\n")),
                new RouterFile("hostname", Encoding.UTF8.GetBytes($"r-{generation}\n"), Secret: true),
            ],
        };
    }
}
