using Stratiform.Agent.Storage;
using Stratiform.Agent.Tests.Contracts;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Fakes;

public sealed class FakePoolTests : PoolContract
{
    protected override Task<PoolBench> BenchAsync() => Task.FromResult<PoolBench>(new Bench());

    private sealed class Bench : PoolBench
    {
        private readonly FakePools _pools;

        public Bench()
        {
            var disks = new FakeDisks();
            disks.Sources[SoundUrl] = new FakeSource(Checksum: "{SHA-256}" + new string('a', 64));
            disks.Sources[IsoUrl] = new FakeSource(VirtualSizeBytes: 1 << 20, PhysicalSizeBytes: 1 << 20, Format: ImageFormat.Iso);
            disks.Sources[HostileUrl] = new FakeSource(IsCorrupt: true);
            disks.Sources[MissingUrl] = new FakeSource(IsMissing: true);
            _pools = new FakePools(disks);
        }

        public override IPoolDriver Driver => _pools;

        public override string Path => "/pools/p";

        public override string SoundUrl => "file:///images/sound.qcow2";

        public override string IsoUrl => "file:///images/disc.iso";

        public override string HostileUrl => "file:///images/hostile.qcow2";

        public override string MissingUrl => "file:///images/missing.qcow2";

        public override Task FillAsync()
        {
            _pools.IsFull = true;
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
