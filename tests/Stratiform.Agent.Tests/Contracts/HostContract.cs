using Stratiform.Agent.Fencing;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Contracts;

/// <summary>What every host does whatever its drivers: messages that build on each other.</summary>
public abstract class HostContract
{
    private readonly Guid _pool = Guid.CreateVersion7();
    private readonly Guid _volume = Guid.CreateVersion7();
    private readonly Guid _network = Guid.CreateVersion7();
    private long _fence = 10;

    protected abstract Task<HostBench> BenchAsync();

    [Fact]
    public async Task A_host_tells_what_it_is()
    {
        await using var bench = await BenchAsync();
        var report = await bench.Host.ReadAsync(new ReadHost(), default);
        report.BootId.ShouldNotBeEmpty();
        report.Cpus.ShouldBeGreaterThan(0);
        report.MemoryMib.ShouldBeGreaterThan(0);
        report.AcceleratorReason.ShouldNotBeEmpty();
        report.Abilities.ShouldBe(["domains", "networks", "pools", "routers", "workers"]);
    }

    [Fact]
    public async Task A_domain_needs_its_volume_and_its_network()
    {
        await using var bench = await BenchAsync();
        var domain = Spec(bench);
        (await RefusalAsync(bench, new EnsureDomain(domain), domain.Id)).ShouldBe(HostErrorCode.NotFound);
        await SendAsync(bench, new EnsurePool(_pool, bench.PoolPath), _pool);
        (await RefusalAsync(bench, new EnsureDomain(domain), domain.Id)).ShouldBe(HostErrorCode.NotFound);
        await SendAsync(bench, new EnsureVolume { PoolId = _pool, VolumeId = _volume, SizeBytes = 64 << 20 }, _volume);
        (await RefusalAsync(bench, new EnsureDomain(domain), domain.Id)).ShouldBe(HostErrorCode.NotFound);
        await SendAsync(bench, Network(), _network);
        var report = await SendAsync(bench, new EnsureDomain(domain), domain.Id);
        report.Power.ShouldBe(PowerState.Running);
        (report.Subject, report.Fence).ShouldBe(($"Subject/{domain.Id}", _fence));
        await TidyAsync(bench, domain.Id);
    }

    [Theory]
    [InlineData("10.1.1")]
    [InlineData("10.1.1.07")]
    [InlineData("2001:db8::1")]
    [InlineData("10.1.1.7 } accept; add rule bridge stratiform enter accept")]
    public async Task A_guard_takes_addresses_and_nothing_else(string address)
    {
        await using var bench = await BenchAsync();
        var domain = Spec(bench);
        domain = domain with { Nics = [domain.Nics[0] with { Guard = new NicGuard([address]) }] };
        (await RefusalAsync(bench, new EnsureDomain(domain), domain.Id)).ShouldBe(HostErrorCode.Invalid);
    }

    [Fact]
    public async Task A_running_domain_gets_a_network_card_and_lets_go_of_it()
    {
        await using var bench = await BenchAsync();
        var network = Guid.CreateVersion7();
        var card = new NicSpec(Guid.CreateVersion7(), "02:00:00:00:00:08", network, 1400, new NicGuard(null));
        var off = Spec(bench);
        (await SendAsync(bench, new EnsureNic(off.Id, card), off.Id)).IsIn.ShouldBeFalse("it is off");
        var domain = await RunAsync(bench);
        (await RefusalAsync(bench, new EnsureNic(domain.Id, card), domain.Id)).ShouldBe(HostErrorCode.NotFound);
        (await RefusalAsync(bench, new EnsureNic(domain.Id, card with { Guard = new NicGuard(["10.1.1"]) }), domain.Id)).ShouldBe(HostErrorCode.Invalid);
        await SendAsync(bench, Network() with { NetworkId = network, Vni = 78 }, network);
        (await SendAsync(bench, new EnsureNic(domain.Id, card), domain.Id)).IsIn.ShouldBeTrue();
        (await SendAsync(bench, new EnsureNic(domain.Id, card with { Guard = new NicGuard(["10.1.1.8", "10.1.1.9"]) }), domain.Id)).IsIn.ShouldBeTrue();
        (await RefusalAsync(bench, new EnsureNoNetwork(network), network)).ShouldBe(HostErrorCode.Failed);
        await Waiting.UntilAsync(() => SendAsync(bench, new EnsureNoNic(domain.Id, card), domain.Id), report => !report.IsIn);
        await SendAsync(bench, new EnsureNoNetwork(network), network);
        await TidyAsync(bench, domain.Id);
    }

    [Fact]
    public async Task What_a_running_domain_uses_cannot_be_removed()
    {
        await using var bench = await BenchAsync();
        var domain = await RunAsync(bench);
        (await RefusalAsync(bench, new EnsureNoNetwork(_network), _network)).ShouldBe(HostErrorCode.Failed);
        (await RefusalAsync(bench, new EnsureNoVolume(_pool, _volume), _volume)).ShouldBe(HostErrorCode.Failed);
        await TidyAsync(bench, domain.Id);
        var inventory = await bench.Host.ReadAsync(new ReadInventory(), default);
        inventory.Domains.ShouldBeEmpty();
        inventory.Networks.ShouldBeEmpty();
        inventory.Pools.ShouldBeEmpty();
        inventory.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disc_comes_from_a_pool_and_stays_there_while_a_drive_holds_it()
    {
        await using var bench = await BenchAsync();
        var iso = new EnsureImage { PoolId = _pool, ImageId = Guid.CreateVersion7(), Source = bench.IsoUrl, Format = ImageFormat.Iso };
        var place = new ImageOnPool(_pool, iso.ImageId);
        var domain = await RunAsync(bench, Spec(bench) with { Kernel = null });
        (await RefusalAsync(bench, new EnsureCdrom(domain.Id, place), domain.Id)).ShouldBe(HostErrorCode.NotFound);
        var copied = await Waiting.UntilAsync(() => SendAsync(bench, iso, iso.ImageId), progress => progress.State != HostWorkState.Running);
        copied.State.ShouldBe(HostWorkState.Done, copied.Error?.Text);
        var report = await SendAsync(bench, new EnsureCdrom(domain.Id, place), domain.Id);
        (report.Power, report.Subject).ShouldBe((PowerState.Running, $"Subject/{domain.Id}"));
        (await RefusalAsync(bench, new EnsureNoImage(_pool, iso.ImageId), iso.ImageId)).ShouldBe(HostErrorCode.Failed);
        await SendAsync(bench, new EnsureCdrom(domain.Id, null), domain.Id);
        await SendAsync(bench, new EnsureNoImage(_pool, iso.ImageId), iso.ImageId);
        await TidyAsync(bench, domain.Id);
    }

    [Fact]
    public async Task A_removed_domain_is_not_brought_back_by_a_late_message()
    {
        await using var bench = await BenchAsync();
        var domain = await RunAsync(bench);
        _fence++;
        await SendAsync(bench, new EnsureNoDomain(domain.Id), domain.Id);
        _fence--;
        (await RefusalAsync(bench, new EnsureDomain(domain), domain.Id)).ShouldBe(HostErrorCode.StaleFence);
        (await bench.Host.ReadAsync(new ReadDomain(domain.Id), default)).Power.ShouldBe(PowerState.Absent);
        _fence++;
        await TidyAsync(bench, domain.Id);
    }

    [Fact]
    public async Task A_watcher_sees_a_snapshot_then_changes_under_their_fence()
    {
        await using var bench = await BenchAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var events = bench.Host.Observer.WatchAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Kind.ShouldBe(WatchKind.Snapshot);
        events.Current.Domains.ShouldBeEmpty();
        events.Current.Images.ShouldNotBeNull().ShouldBe(bench.Host.Drivers.Hypervisor.Images);
        var domain = await RunAsync(bench);
        var running = await NextAsync(events, domain.Id);
        // A real one is paused until its start is complete.
        while (running.Power == PowerState.Paused) running = await NextAsync(events, domain.Id);
        (running.Power, running.Fence).ShouldBe((PowerState.Running, _fence));
        _fence++;
        await TidyAsync(bench, domain.Id);
        while (running.Power != PowerState.Absent) running = await NextAsync(events, domain.Id);
        running.Subject.ShouldBe($"Subject/{domain.Id}");
    }

    private static async Task<DomainReport> NextAsync(IAsyncEnumerator<WatchEvent> events, Guid domainId)
    {
        var sequence = events.Current.Sequence;
        while (true)
        {
            (await events.MoveNextAsync()).ShouldBeTrue();
            events.Current.Sequence.ShouldBe(++sequence);
            if (events.Current.Domains.FirstOrDefault(domain => domain.Id == domainId) is { } seen) return seen;
        }
    }

    private async Task<DomainSpec> RunAsync(HostBench bench, DomainSpec? described = null)
    {
        var domain = described ?? Spec(bench);
        await SendAsync(bench, new EnsurePool(_pool, bench.PoolPath), _pool);
        await SendAsync(bench, new EnsureVolume { PoolId = _pool, VolumeId = _volume, SizeBytes = 64 << 20 }, _volume);
        await SendAsync(bench, Network(), _network);
        await SendAsync(bench, new EnsureDomain(domain), domain.Id);
        return domain;
    }

    private async Task TidyAsync(HostBench bench, Guid domainId)
    {
        await SendAsync(bench, new EnsureNoDomain(domainId), domainId);
        await SendAsync(bench, new EnsureNoNetwork(_network), _network);
        await SendAsync(bench, new EnsureNoVolume(_pool, _volume), _volume);
        await SendAsync(bench, new EnsureNoPool(_pool), _pool);
    }

    private EnsureNetwork Network() => new() { NetworkId = _network, Traffic = TrafficType.Guest, Vni = 77, Mtu = 1400 };

    private DomainSpec Spec(HostBench bench) => bench.Spec with
    {
        Id = Guid.CreateVersion7(),
        Disks = [new DiskSpec(_pool, _volume)],
        Nics = [new NicSpec(Guid.CreateVersion7(), "02:00:00:00:00:07", _network, 1400, new NicGuard(["10.1.1.7"]))],
    };

    private Task<TAnswer> SendAsync<TAnswer>(HostBench bench, IEnsure<TAnswer> message, Guid subject) where TAnswer : class =>
        bench.Host.SendAsync(message, new Order($"Subject/{subject}", _fence), default);

    private async Task<HostErrorCode> RefusalAsync<TAnswer>(HostBench bench, IEnsure<TAnswer> message, Guid subject)
        where TAnswer : class =>
        (await Should.ThrowAsync<HostException>(() => SendAsync(bench, message, subject))).Code;
}

/// <summary>A host under test without anything on it.</summary>
public abstract class HostBench : IAsyncDisposable
{
    public abstract AgentHost Host { get; }

    public abstract string PoolPath { get; }

    /// <summary>Where an ISO is.</summary>
    public abstract string IsoUrl { get; }

    /// <summary>A domain that runs on this host, without disks and network cards.</summary>
    public abstract DomainSpec Spec { get; }

    public abstract ValueTask DisposeAsync();
}
