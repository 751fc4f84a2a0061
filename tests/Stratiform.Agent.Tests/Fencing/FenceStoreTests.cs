using Stratiform.Agent.Fencing;
using Stratiform.Agent.Tests.Contracts;

namespace Stratiform.Agent.Tests.Fencing;

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
        File.Delete(_path + ".lock");
    }

    [Fact]
    public void Belongs_to_one_agent_at_a_time() => Should.Throw<IOException>(() => FileFenceStore.Open(_path));

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
