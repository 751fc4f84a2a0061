using Stratiform.Agent.Compute;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Storage;
using Stratiform.Agent.SystemVms;
using Stratiform.Agent.Tests.Contracts;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Fakes;

public sealed class FakeWorkerTests : WorkerContract
{
    protected override async Task<WorkerBench> BenchAsync() => await StartAsync();

    [Fact]
    public async Task What_a_dead_worker_had_begun_stays_as_a_part_until_it_is_removed()
    {
        var bench = await StartAsync();
        var order = bench.Image();
        await bench.Channel.EnsureAsync(bench.Setup(), default);
        await bench.Channel.EnsureImageAsync(order, default);
        await bench.RebootAsync();
        await bench.Channel.EnsureAsync(bench.Setup(), default);
        (await bench.ReadStoreAsync()).Objects.ShouldHaveSingleItem().Whole.ShouldBeFalse();
        await bench.Channel.EnsureNoImageAsync(new EnsureNoImageInStore(bench.WorkerId, bench.StoreId, order.Image.ImageId), default);
        (await bench.ReadStoreAsync()).Objects.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_whose_part_was_removed_fails_and_begins_anew()
    {
        var bench = await StartAsync();
        var order = bench.Image();
        await bench.Channel.EnsureAsync(bench.Setup(), default);
        await bench.Channel.EnsureImageAsync(order, default);
        bench.Store.Parts.Clear();
        (await bench.Channel.EnsureImageAsync(order, default)).State.ShouldBe(HostWorkState.Failed);
        (await bench.FinishAsync(order)).State.ShouldBe(HostWorkState.Done);
    }

    [Fact]
    public async Task What_is_uploaded_comes_as_anything_else_does()
    {
        var bench = await StartAsync();
        await bench.Channel.EnsureAsync(bench.Setup(), default);
        var image = bench.Image();
        var order = image with
        {
            Image = image.Image with { Source = new UploadLink(bench.StoreId, image.Image.ImageId, TimeProvider.System.GetUtcNow().AddHours(1)).Source },
        };
        (await bench.Channel.EnsureImageAsync(order, default)).State.ShouldBe(HostWorkState.Running);
        bench.Store.Uploaded = new FakeSource(IsCorrupt: true);
        (await bench.FinishAsync(order)).Error!.Text.ShouldStartWith("The uploaded file is no sound");
        bench.Store.Uploaded = new FakeSource();
        (await bench.FinishAsync(order)).State.ShouldBe(HostWorkState.Done);
        (await bench.ReadStoreAsync()).Objects.ShouldHaveSingleItem().Whole.ShouldBeTrue();
    }

    [Fact]
    public async Task An_object_store_has_no_size()
    {
        var bench = await StartAsync();
        var setup = bench.Setup();
        var store = setup.Setup.Stores[0] with { Url = "https://s3.example/bucket/" };
        await bench.Channel.EnsureAsync(setup with { Setup = setup.Setup with { Stores = [store] } }, default);
        (await bench.FinishAsync(bench.Image())).State.ShouldBe(HostWorkState.Done);
        var space = (await bench.ReadStoreAsync()).Space;
        space.CapacityBytes.ShouldBe(0);
        space.UsedBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_slow_store_holds_copies_up_and_one_that_is_gone_is_busy()
    {
        var bench = await StartAsync();
        var order = bench.Image();
        await bench.Channel.EnsureAsync(bench.Setup(), default);
        bench.Store.IsSlow = true;
        for (var i = 0; i < 9; i++) (await bench.Channel.EnsureImageAsync(order, default)).State.ShouldBe(HostWorkState.Running);
        (bench.Store.IsSlow, bench.Store.IsGone) = (false, true);
        (await Should.ThrowAsync<HostException>(bench.ReadStoreAsync)).Code.ShouldBe(HostErrorCode.Busy);
        (await Should.ThrowAsync<HostException>(() => bench.FinishAsync(order))).Code.ShouldBe(HostErrorCode.Busy);
        bench.Store.IsGone = false;
        (await bench.FinishAsync(order)).State.ShouldBe(HostWorkState.Done);
    }

    [Fact]
    public async Task Who_does_not_answer_or_has_no_program_or_no_such_card_is_no_worker()
    {
        var bench = await StartAsync();
        var setup = bench.Setup();
        var strange = setup with { Setup = setup.Setup with { Nics = [bench.Nic with { Mac = "02:00:00:00:00:66" }] } };
        (await Should.ThrowAsync<HostException>(() => bench.Channel.EnsureAsync(strange, default))).Code.ShouldBe(HostErrorCode.Failed);
        bench.Workers.Answer = false;
        (await bench.Channel.ReadAsync(bench.WorkerId, default)).Answers.ShouldBeFalse();
        (await Should.ThrowAsync<HostException>(() => bench.Channel.EnsureAsync(setup, default))).Code.ShouldBe(HostErrorCode.Busy);
        bench.Workers.Answer = true;
        await bench.StartAsync("");
        (await Should.ThrowAsync<HostException>(() => bench.Channel.EnsureAsync(setup, default))).Code.ShouldBe(HostErrorCode.Busy);
    }

    [Fact]
    public async Task A_pool_reads_an_image_in_a_store_only_from_a_running_worker_that_has_it_whole()
    {
        var bench = await StartAsync();
        var order = bench.Image();
        var now = TimeProvider.System.GetUtcNow();
        var (early, later) = (now.AddMinutes(-1), now.AddHours(1));
        var url = "http://192.0.2.9" + new StoreLink(bench.StoreId, order.Image.ImageId, "i.qcow2", later).Sign(new byte[32]);
        (await bench.FetchAsync(url)).Error!.Code.ShouldBe(HostErrorCode.Failed, "nobody is there");
        await bench.Channel.EnsureAsync(bench.Setup(), default);
        (await bench.FetchAsync(url)).Error!.Code.ShouldBe(HostErrorCode.NotFound);
        await bench.Channel.EnsureImageAsync(order, default);
        (await bench.FetchAsync(url)).Error!.Code.ShouldBe(HostErrorCode.NotFound, "it is not whole");
        var brought = await bench.FinishAsync(order);
        (await bench.FetchAsync(url)).ShouldBe(brought);
        var expired = new StoreLink(bench.StoreId, order.Image.ImageId, "i.qcow2", early).Sign(new byte[32]);
        (await bench.FetchAsync("http://192.0.2.9" + expired)).Error!.Text.ShouldContain("403");
        (await bench.FetchAsync(url.Replace("i.qcow2", "j.qcow2", StringComparison.Ordinal))).Error!.Text.ShouldContain("403");
        bench.Store.IsGone = true;
        (await bench.FetchAsync(url)).Error!.Text.ShouldContain("503");
        bench.Store.IsGone = false;
        await bench.RebootAsync();
        (await bench.FetchAsync(url)).Error!.Code.ShouldBe(HostErrorCode.Failed, "it is not set up yet");
    }

    private static async Task<Bench> StartAsync()
    {
        var bench = new Bench();
        await bench.StartAsync("worker");
        return bench;
    }

    private sealed class Bench : WorkerBench
    {
        private readonly FakeHypervisor _hypervisor = new(TimeProvider.System, new FakeDiskLocks());
        private readonly FakeDisks _disks = new();

        public Bench()
        {
            _disks.Sources[SoundUrl] = new FakeSource(Checksum: "{SHA-256}" + new string('a', 64));
            _disks.Sources[HostileUrl] = new FakeSource(IsCorrupt: true);
            _disks.Sources[MissingUrl] = new FakeSource(IsMissing: true);
            Workers = new FakeWorkers(_hypervisor, _disks, TimeProvider.System);
        }

        public FakeWorkers Workers { get; }

        public FakeStore Store => _disks.Store(StoreUrl);

        public override IWorkerChannel Channel => Workers;

        public override string StoreUrl => "nfs://192.0.2.1/secondary";

        public override string SoundUrl => "http://images/sound.qcow2";

        public override string HostileUrl => "http://images/hostile.qcow2";

        public override string MissingUrl => "http://images/missing.qcow2";

        public override Task FillAsync()
        {
            Store.IsFull = true;
            return Task.CompletedTask;
        }

        public override Task RebootAsync() => StartAsync("worker");

        public async Task StartAsync(string program)
        {
            await _hypervisor.EnsureAbsentAsync(WorkerId, default);
            await _hypervisor.EnsureAsync(new DomainPlan(
                new DomainSpec
                {
                    Id = WorkerId,
                    Name = "s-1",
                    Vcpus = 1,
                    CpuMhz = 500,
                    MemoryMib = 256,
                    Kernel = new KernelBoot("system-vm", "", program),
                    Nics = [new NicSpec(Guid.CreateVersion7(), Nic.Mac, Guid.CreateVersion7(), Nic.Mtu)],
                },
                [], [new Plug("fake")]), default);
        }

        public async Task<ImageProgress> FetchAsync(string url)
        {
            var pool = await new FakePools(_disks).EnsureAsync(Guid.CreateVersion7(), "/pools/p", default);
            var image = new EnsureImage { PoolId = pool.Id, ImageId = Guid.CreateVersion7(), Source = url, Allowed = ["192.0.2.0/24"] };
            return await PoolBench.FinishAsync(pool, image);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
