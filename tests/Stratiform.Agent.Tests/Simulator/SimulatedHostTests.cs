using Stratiform.Agent.Tests.Contracts;
using Stratiform.Protocol;
using Stratiform.Simulator;

namespace Stratiform.Agent.Tests.Simulator;

public sealed class SimulatedHostTests : HostContract
{
    protected override async Task<HostBench> BenchAsync()
    {
        var socket = $"/tmp/strat-{Path.GetRandomFileName()}.sock";
        var options = new SimulatorOptions { Listen = "unix:" + socket };
        return new Bench(await SimulatedCloud.StartAsync(options, TimeProvider.System, default));
    }

    private sealed class Bench(SimulatedCloud cloud) : HostBench
    {
        public override AgentHost Host => cloud[1].Agent;

        public override string IsoUrl => "http://images/disc.iso";

        public override string PoolPath => "/pools/p";

        public override DomainSpec Spec { get; } = new()
        {
            Id = Guid.Empty,
            Name = "i-1",
            Vcpus = 1,
            CpuMhz = 500,
            MemoryMib = 64,
        };

        public override ValueTask DisposeAsync() => cloud.DisposeAsync();
    }
}
