using Stratiform.Agent.Compute;
using Stratiform.Agent.Networking;
using Stratiform.Agent.SystemVms;
using Stratiform.Agent.Tests.Contracts;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Fakes;

public sealed class FakeRouterTests : RouterContract
{
    protected override async Task<RouterBench> BenchAsync()
    {
        var bench = new Bench();
        await bench.StartAsync();
        return bench;
    }

    private sealed class Bench : RouterBench
    {
        private readonly FakeHypervisor _hypervisor = new(TimeProvider.System, new FakeDiskLocks());
        private readonly FakeRouters _routers;

        public Bench() => _routers = new FakeRouters(_hypervisor);

        public override IRouterChannel Channel => _routers;

        public override Guid RouterId { get; } = Guid.CreateVersion7();

        public Task<DomainReport> StartAsync() => _hypervisor.EnsureAsync(new DomainPlan(
            new DomainSpec
            {
                Id = RouterId,
                Name = "r-1",
                Vcpus = 1,
                CpuMhz = 500,
                MemoryMib = 128,
                Kernel = new KernelBoot("system-vm", ""),
            },
            [], Array.Empty<Plug>()), default);

        public override EnsureRouterConfiguration Broken(long generation)
        {
            _routers.FailNext(RouterId, "nft", "Error: syntax error");
            return Sound(generation);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
