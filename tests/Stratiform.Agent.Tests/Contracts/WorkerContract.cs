using Stratiform.Agent.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Contracts;

/// <summary>What every way into a worker, and what is inside, does. A bench's worker runs and will answer.</summary>
public abstract class WorkerContract
{
    protected abstract Task<WorkerBench> BenchAsync();

    [Fact]
    public async Task A_worker_that_does_not_run_does_not_answer()
    {
        await using var bench = await BenchAsync();
        var stranger = Guid.CreateVersion7();
        (await bench.Channel.ReadAsync(stranger, default)).Answers.ShouldBeFalse();
        Func<Task>[] calls =
        [
            () => bench.Channel.EnsureAsync(bench.Setup() with { WorkerId = stranger }, default),
            () => bench.Channel.EnsureImageAsync(bench.Image() with { WorkerId = stranger }, default),
            () => bench.Channel.EnsureNoImageAsync(new EnsureNoImageInStore(stranger, bench.StoreId, stranger), default),
            () => bench.Channel.ReadStoreAsync(new ReadStore(stranger, bench.StoreId), default),
        ];
        foreach (var call in calls) (await RefusalAsync(call)).ShouldBe(HostErrorCode.Busy);
    }

    [Fact]
    public async Task A_worker_knows_no_store_until_it_is_set_up()
    {
        await using var bench = await BenchAsync();
        (await bench.Channel.ReadAsync(bench.WorkerId, default)).IsSetUp.ShouldBeFalse();
        (await RefusalAsync(() => bench.Channel.EnsureImageAsync(bench.Image(), default))).ShouldBe(HostErrorCode.Busy);
        var report = await bench.Channel.EnsureAsync(bench.Setup(), default);
        (report.Answers, report.IsSetUp, report.Sessions).ShouldBe((true, true, 0));
        (await bench.Channel.EnsureAsync(bench.Setup(), default)).IsSetUp.ShouldBeTrue();
        report.Version.ShouldNotBeEmpty();
        report.MemoryBytes.ShouldBeGreaterThan(0);
        (await bench.ReadStoreAsync()).Objects.ShouldBeEmpty();
        await bench.Channel.EnsureAsync(bench.Setup() with { Setup = bench.Setup().Setup with { Stores = [] } }, default);
        (await RefusalAsync(bench.ReadStoreAsync)).ShouldBe(HostErrorCode.Busy);
    }

    [Fact]
    public async Task An_image_is_brought_by_a_job_and_then_lies_whole_in_the_store()
    {
        await using var bench = await SetUpAsync();
        var order = bench.Image();
        (await bench.Channel.EnsureImageAsync(order, default)).State.ShouldBe(HostWorkState.Running);
        (await bench.Channel.ReadAsync(bench.WorkerId, default)).Sessions.ShouldBe(1);
        (await bench.ReadStoreAsync()).Objects.ShouldNotContain(item => item.Whole);
        var done = await bench.FinishAsync(order);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        done.Percent.ShouldBe(100);
        done.VirtualSizeBytes.ShouldBeGreaterThan(0);
        var item = (await bench.ReadStoreAsync()).Objects.ShouldHaveSingleItem();
        (item.ImageId, item.Whole).ShouldBe((order.Image.ImageId, true));
        item.Bytes.ShouldBeGreaterThan(0);
        (await bench.Channel.EnsureImageAsync(order, default)).ShouldBe(done);
        var report = await bench.Channel.ReadAsync(bench.WorkerId, default);
        report.Sessions.ShouldBe(0);
        report.BytesIn.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_image_that_is_hostile_missing_or_another_is_refused_and_leaves_nothing()
    {
        await using var bench = await SetUpAsync();
        var image = bench.Image().Image;
        (await RefusalAsync(bench, image with { Source = bench.HostileUrl })).ShouldBe(HostErrorCode.Corrupt);
        (await RefusalAsync(bench, image with { Source = bench.MissingUrl })).ShouldBe(HostErrorCode.NotFound);
        (await RefusalAsync(bench, image with { Checksum = "{SHA-256}" + new string('0', 64) })).ShouldBe(HostErrorCode.Corrupt);
        (await RefusalAsync(bench, image with { Format = ImageFormat.Vmdk })).ShouldBe(HostErrorCode.Corrupt);
        (await RefusalAsync(bench, image with { MaxVirtualSizeBytes = 4096 })).ShouldBe(HostErrorCode.Invalid);
        (await RefusalAsync(bench, image with { Source = "http://127.0.0.1/image", Allowed = [] })).ShouldBe(HostErrorCode.Invalid);
        (await bench.ReadStoreAsync()).Objects.ShouldBeEmpty();
        (await bench.Channel.ReadAsync(bench.WorkerId, default)).Sessions.ShouldBe(0);
    }

    [Fact]
    public async Task An_upload_is_awaited_until_its_link_expires()
    {
        await using var bench = await SetUpAsync();
        var image = bench.Image().Image;
        EnsureImageInStore Until(DateTimeOffset expiry) =>
            new(bench.WorkerId, image with { Source = new UploadLink(bench.StoreId, image.ImageId, expiry).Source });
        var order = Until(TimeProvider.System.GetUtcNow().AddHours(1));
        for (var i = 0; i < 5; i++) (await bench.Channel.EnsureImageAsync(order, default)).State.ShouldBe(HostWorkState.Running);
        (await bench.ReadStoreAsync()).Objects.ShouldBeEmpty();
        await bench.Channel.EnsureNoImageAsync(new EnsureNoImageInStore(bench.WorkerId, bench.StoreId, image.ImageId), default);
        (await bench.FinishAsync(Until(DateTimeOffset.UnixEpoch))).Error!.Code.ShouldBe(HostErrorCode.NotFound);
        (await bench.Channel.ReadAsync(bench.WorkerId, default)).Sessions.ShouldBe(0);
    }

    [Fact]
    public async Task A_store_has_nothing_of_a_removed_image_nor_of_an_abandoned_one()
    {
        await using var bench = await SetUpAsync();
        var (whole, begun) = (bench.Image(), bench.Image());
        await bench.FinishAsync(whole);
        await bench.Channel.EnsureImageAsync(begun, default);
        foreach (var order in new[] { whole, begun, begun })
            await bench.Channel.EnsureNoImageAsync(new EnsureNoImageInStore(bench.WorkerId, bench.StoreId, order.Image.ImageId), default);
        (await bench.ReadStoreAsync()).Objects.ShouldBeEmpty();
        (await bench.Channel.ReadAsync(bench.WorkerId, default)).Sessions.ShouldBe(0);
    }

    [Fact]
    public async Task A_full_store_takes_nothing_new_and_keeps_nothing_half()
    {
        await using var bench = await SetUpAsync();
        await bench.FillAsync();
        (await RefusalAsync(bench, bench.Image().Image)).ShouldBe(HostErrorCode.NoSpace);
        var inventory = await bench.ReadStoreAsync();
        inventory.Objects.ShouldBeEmpty();
        inventory.Space.UsedBytes.ShouldBeGreaterThan(inventory.Space.CapacityBytes / 2);
    }

    [Fact]
    public async Task A_booted_worker_has_forgotten_everything_but_the_store_has_not()
    {
        await using var bench = await SetUpAsync();
        var (whole, begun) = (bench.Image(), bench.Image());
        await bench.FinishAsync(whole);
        await bench.Channel.EnsureImageAsync(begun, default);
        await bench.RebootAsync();
        var report = await bench.Channel.ReadAsync(bench.WorkerId, default);
        (report.Answers, report.IsSetUp, report.Sessions, report.BytesIn).ShouldBe((true, false, 0, 0));
        await bench.Channel.EnsureAsync(bench.Setup(), default);
        (await bench.Channel.EnsureImageAsync(whole, default)).State.ShouldBe(HostWorkState.Done);
        (await bench.FinishAsync(begun)).State.ShouldBe(HostWorkState.Done);
        var items = (await bench.ReadStoreAsync()).Objects;
        items.ShouldAllBe(item => item.Whole);
        items.Select(item => item.ImageId).ShouldBe([whole.Image.ImageId, begun.Image.ImageId], ignoreOrder: true);
    }

    private async Task<WorkerBench> SetUpAsync()
    {
        var bench = await BenchAsync();
        await bench.Channel.EnsureAsync(bench.Setup(), default);
        return bench;
    }

    private static async Task<HostErrorCode> RefusalAsync(Func<Task> act) => (await Should.ThrowAsync<HostException>(act)).Code;

    private static async Task<HostErrorCode> RefusalAsync(WorkerBench bench, EnsureImage image) =>
        (await bench.FinishAsync(bench.Image() with { Image = image with { ImageId = Guid.CreateVersion7() } })).Error!.Code;
}

/// <summary>A running worker, a store, and images to bring there.</summary>
public abstract class WorkerBench : IAsyncDisposable
{
    public abstract IWorkerChannel Channel { get; }

    public Guid WorkerId { get; } = Guid.CreateVersion7();

    public Guid StoreId { get; } = Guid.CreateVersion7();

    public abstract string StoreUrl { get; }

    public abstract string SoundUrl { get; }

    public abstract string HostileUrl { get; }

    public abstract string MissingUrl { get; }

    /// <summary>Networks of the cloud's own where the bench's images come from.</summary>
    public virtual IReadOnlyList<string> Allowed => [];

    public virtual WorkerNic Nic { get; } = new("02:00:00:00:00:09", "192.0.2.9/24", 1500);

    public EnsureWorker Setup() => new(WorkerId, new WorkerSetup
    {
        Nics = [Nic],
        Stores = [new StoreAddress { StoreId = StoreId, Url = StoreUrl }],
        LinkKey = new byte[32],
    });

    public EnsureImageInStore Image() => new(WorkerId, new EnsureImage
    {
        PoolId = StoreId,
        ImageId = Guid.CreateVersion7(),
        Source = SoundUrl,
        Allowed = Allowed,
    });

    public Task<StoreInventory> ReadStoreAsync() => Channel.ReadStoreAsync(new ReadStore(WorkerId, StoreId), default);

    public Task<ImageProgress> FinishAsync(EnsureImageInStore order) =>
        Waiting.UntilAsync(() => Channel.EnsureImageAsync(order, default), progress => progress.State != HostWorkState.Running);

    public abstract Task FillAsync();

    public abstract Task RebootAsync();

    public abstract ValueTask DisposeAsync();
}
