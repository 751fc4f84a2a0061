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
        private readonly FakeDisks _disks = new();
        private readonly Receiver _worker = new();

        public Bench()
        {
            var disks = _disks;
            disks.Sources[SoundUrl] = new FakeSource(Checksum: "{SHA-256}" + new string('a', 64));
            disks.Sources[IsoUrl] = new FakeSource(VirtualSizeBytes: 1 << 20, PhysicalSizeBytes: 1 << 20, Format: ImageFormat.Iso);
            disks.Sources[HostileUrl] = new FakeSource(IsCorrupt: true);
            disks.Sources[MissingUrl] = new FakeSource(IsMissing: true);
            disks.Add(_worker);
            _pools = new FakePools(disks);
        }

        public override IPoolDriver Driver => _pools;

        public override string Path => "/pools/p";

        public override string SoundUrl => "file:///images/sound.qcow2";

        public override string IsoUrl => "file:///images/disc.iso";

        public override string HostileUrl => "file:///images/hostile.qcow2";

        public override string MissingUrl => "file:///images/missing.qcow2";

        public override string UploadUrl => "http://10.0.0.9/upload/here";

        public override Task<string> StoreAsync()
        {
            var (store, image) = (_disks.Store("nfs://10.0.0.8/share"), Guid.CreateVersion7());
            store.Images[image] = new FakeStoreImage(_disks.Sources[SoundUrl], default);
            return Task.FromResult($"nfs://10.0.0.8/share/images/{image}");
        }

        public override Task<IReadOnlyList<long>> ReceivedAsync() => Task.FromResult<IReadOnlyList<long>>(_worker.Received);

        public override Task FillAsync()
        {
            _pools.IsFull = true;
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A worker that only takes what is sent.</summary>
    private sealed class Receiver : IFakeServer
    {
        public List<long> Received { get; } = [];

        public Task<FakeSource?> ServeAsync(Uri url, CancellationToken ct) => Task.FromResult<FakeSource?>(null);

        public Task<int?> TakeAsync(EnsureVolumeSent to, FakeSource image, CancellationToken ct)
        {
            if (to.Signature != PoolBench.Signature) return Task.FromResult<int?>(403);
            Received.Add(image.VirtualSizeBytes);
            return Task.FromResult<int?>(200);
        }
    }
}
