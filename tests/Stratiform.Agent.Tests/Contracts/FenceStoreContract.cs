using Stratiform.Agent.Fencing;

namespace Stratiform.Agent.Tests.Contracts;

/// <summary>What every fence store keeps.</summary>
public abstract class FenceStoreContract
{
    private const string Subject = "VirtualMachine/11111111-1111-1111-1111-111111111111";
    private static readonly Thing Domain = new("domain/1");

    protected abstract IFenceStore Store { get; }

    [Fact]
    public void Knows_nothing_at_first()
    {
        Store.FenceOf(Subject).ShouldBe(0);
        Store.OwnerOf(Domain).ShouldBeNull();
    }

    [Fact]
    public async Task Keeps_the_fence_and_the_owner()
    {
        await Store.RecordAsync(Subject, 7, Domain, default);
        Store.FenceOf(Subject).ShouldBe(7);
        Store.OwnerOf(Domain).ShouldBe(Subject);
    }

    [Fact]
    public async Task A_released_thing_has_no_owner_but_the_fence_stays()
    {
        await Store.RecordAsync(Subject, 7, Domain, default);
        await Store.ReleaseAsync(Domain, default);
        Store.OwnerOf(Domain).ShouldBeNull();
        Store.FenceOf(Subject).ShouldBe(7);
    }
}

public sealed class MemoryFenceStoreTests : FenceStoreContract
{
    protected override IFenceStore Store { get; } = new MemoryFenceStore();
}

public sealed class FileFenceStoreTests : FenceStoreContract, IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private FileFenceStore _store;

    public FileFenceStoreTests() => _store = FileFenceStore.Open(_path);

    protected override IFenceStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public async Task Survives_a_restart()
    {
        await _store.RecordAsync("Volume/a", 5, new Thing("volume/a"), default);
        await _store.RecordAsync("Volume/b", 6, new Thing("volume/b"), default);
        await _store.ReleaseAsync(new Thing("volume/b"), default);
        Reopen();
        _store.FenceOf("Volume/a").ShouldBe(5);
        _store.OwnerOf(new Thing("volume/a")).ShouldBe("Volume/a");
        _store.FenceOf("Volume/b").ShouldBe(6);
        _store.OwnerOf(new Thing("volume/b")).ShouldBeNull();
    }

    [Fact]
    public async Task A_line_cut_short_by_a_crash_is_dropped()
    {
        await _store.RecordAsync("Volume/a", 5, new Thing("volume/a"), default);
        _store.Dispose();
        await File.AppendAllTextAsync(_path, "fence 9 Volume/a vol");
        Reopen();
        _store.FenceOf("Volume/a").ShouldBe(5);
    }

    private void Reopen()
    {
        _store.Dispose();
        _store = FileFenceStore.Open(_path);
    }
}
