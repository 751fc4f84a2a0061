using Stratiform.Agent.Fencing;
using Stratiform.Protocol;
using Stratiform.Simulator;

namespace Stratiform.Agent.Tests.Simulator;

/// <summary>Workers of a simulated cloud, from their domains to the images that pools take from stores.</summary>
public sealed class SimulatedWorkersTests : IAsyncLifetime
{
    private const string Url = "nfs://192.0.2.1/secondary";
    private readonly Guid _store = Guid.CreateVersion7();
    private readonly Guid _image = Guid.CreateVersion7();
    private SimulatedCloud _cloud = null!;

    public async Task InitializeAsync() => _cloud = await SimulatedCloud.StartAsync(
        new SimulatorOptions { Listen = $"unix:/tmp/strat-{Path.GetRandomFileName()}.sock", Hosts = 2 }, TimeProvider.System, default);

    public async Task DisposeAsync() => await _cloud.DisposeAsync();

    [Fact]
    public async Task Workers_of_all_hosts_share_a_store_and_pools_take_images_from_it()
    {
        var (first, second) = (await StartWorkerAsync(1), await StartWorkerAsync(2));
        await BringAsync(1, first);
        (await BringAsync(2, second)).State.ShouldBe(HostWorkState.Done);
        (await _cloud[2].Agent.ReadAsync(new ReadStore(second, _store), default)).Objects.ShouldHaveSingleItem().Whole.ShouldBeTrue();
        (await TakeAsync(from: 2)).State.ShouldBe(HostWorkState.Done);
        _cloud[2].Die();
        (await TakeAsync(from: 2)).Error!.Code.ShouldBe(HostErrorCode.Failed);
        (await TakeAsync(from: 1)).State.ShouldBe(HostWorkState.Done);
    }

    [Fact]
    public async Task The_footprint_shows_what_workers_do_and_leave()
    {
        var worker = await StartWorkerAsync(1);
        await SendAsync(1, Order(worker));
        var all = await _cloud.FootprintAsync(default);
        all.ShouldContain($"host 1 worker {worker}");
        all.ShouldContain($"host 1 worker {worker} job image/{_store}/{_image}");
        all.ShouldContain($"store {Url} part {_image}");
        _cloud[1].Die();
        (await _cloud.FootprintAsync(default)).ShouldBe([$"store {Url} part {_image}"]);
        _cloud[1].Revive();
        worker = await StartWorkerAsync(1);
        await BringAsync(1, worker);
        (await _cloud.FootprintAsync(default)).ShouldContain($"store {Url} image {_image}");
        await SendAsync(1, new EnsureNoImageInStore(worker, _store, _image));
        (await _cloud.FootprintAsync(default)).ShouldNotContain(line => line.StartsWith("store", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_passed_on_is_invalid()
    {
        var worker = await StartWorkerAsync(1);
        var order = Order(worker);
        var refusal = await Should.ThrowAsync<HostException>(
            () => SendAsync(1, order with { Image = order.Image with { Source = "file:///etc/shadow" } }));
        refusal.Code.ShouldBe(HostErrorCode.Invalid);
        refusal = await Should.ThrowAsync<HostException>(() => SendAsync(1, Setup(worker, 1) with { Setup = new() { Nics = [], LinkKey = [] } }));
        refusal.Code.ShouldBe(HostErrorCode.Invalid);
    }

    private static string Address(int host) => $"192.0.2.{host + 10}";

    private static WorkerNic Nic(int host) => new($"02:00:00:00:00:{host:x2}", $"{Address(host)}/24", 1500);

    private async Task<Guid> StartWorkerAsync(int host)
    {
        var (worker, network) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await SendAsync(host, new EnsureNetwork { NetworkId = network, Traffic = TrafficType.Management, Mtu = 1500 });
        await SendAsync(host, new EnsureDomain(new DomainSpec
        {
            Id = worker,
            Name = $"s-{host}-VM",
            Vcpus = 1,
            CpuMhz = 500,
            MemoryMib = 256,
            Kernel = new KernelBoot("system-vm", "stratiform.role=worker", "worker"),
            Nics = [new NicSpec(Guid.CreateVersion7(), Nic(host).Mac, network, 1500)],
        }));
        (await SendAsync(host, Setup(worker, host))).IsSetUp.ShouldBeTrue();
        return worker;
    }

    private EnsureWorker Setup(Guid worker, int host) => new(worker, new WorkerSetup
    {
        Nics = [Nic(host)],
        Stores = [new StoreAddress { StoreId = _store, Url = Url }],
        LinkKey = new byte[32],
    });

    private EnsureImageInStore Order(Guid worker) =>
        new(worker, new EnsureImage { PoolId = _store, ImageId = _image, Source = "http://images/i.qcow2" });

    private async Task<ImageProgress> BringAsync(int host, Guid worker) => await FinishAsync(host, Order(worker));

    private async Task<ImageProgress> TakeAsync(int from)
    {
        var pool = Guid.CreateVersion7();
        await SendAsync(1, new EnsurePool(pool, $"/pools/{pool}"));
        var link = new StoreLink(_store, _image, "i.qcow2", TimeProvider.System.GetUtcNow().AddHours(1)).Sign(new byte[32]);
        return await FinishAsync(1, new EnsureImage
        {
            PoolId = pool,
            ImageId = Guid.CreateVersion7(),
            Source = $"http://{Address(from)}{link}",
            Allowed = ["192.0.2.0/24"],
        });
    }

    private async Task<ImageProgress> FinishAsync(int host, IEnsure<ImageProgress> order)
    {
        while (true)
        {
            var progress = await SendAsync(host, order);
            if (progress.State != HostWorkState.Running) return progress;
        }
    }

    private Task<T> SendAsync<T>(int host, IEnsure<T> message) where T : class =>
        _cloud[host].Agent.SendAsync(message, new Order($"Test/{_store}", 1), default);
}
