using System.Security.Cryptography;
using Stratiform.Agent.Storage;
using Stratiform.Agent.Tests.Contracts;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

[Collection(OnTheHost.Name)]
public sealed class DirectoryPoolTests(HostLab lab) : PoolContract
{
    protected override async Task<PoolBench> BenchAsync() => await NewBenchAsync();

    [Fact]
    public async Task A_copy_goes_on_without_the_agent_and_pools_are_remembered()
    {
        await using var bench = await NewBenchAsync();
        var image = bench.Image() with { Checksum = "{SHA-256}" + Sha256(bench.SoundUrl) };
        await (await bench.OpenAsync()).EnsureImageAsync(image, default);
        bench.RestartAgent();
        var pool = bench.Driver.Require(bench.PoolId);
        (await PoolBench.FinishAsync(pool, image)).State.ShouldBe(HostWorkState.Done);
    }

    [Fact]
    public async Task A_directory_is_one_pool()
    {
        await using var bench = await NewBenchAsync();
        await bench.OpenAsync();
        var refusal = await Should.ThrowAsync<HostException>(
            () => bench.Driver.EnsureAsync(Guid.CreateVersion7(), bench.Path, default));
        refusal.Code.ShouldBe(HostErrorCode.Invalid);
    }

    [Fact]
    public async Task An_image_comes_from_a_web_server_that_its_cloud_allows()
    {
        await using var bench = await NewBenchAsync();
        await using var web = await SmallWeb.StartAsync(await File.ReadAllBytesAsync(new Uri(bench.SoundUrl).LocalPath));
        var pool = await bench.OpenAsync();
        var image = bench.Image() with { Source = web.Url("sound"), Checksum = "{SHA-256}" + Sha256(bench.SoundUrl), Allowed = ["127.0.0.1/32"] };
        var done = await PoolBench.FinishAsync(pool, image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        (await PoolBench.FinishAsync(pool, Other("missing"))).Error!.Code.ShouldBe(HostErrorCode.NotFound);
        var broken = await PoolBench.FinishAsync(pool, Other("broken"));
        (broken.Error!.Code, broken.Error.Text).ShouldBe((HostErrorCode.Failed, $"{web.Url("broken")} cannot be copied: the server answered 403."));
        (await PoolBench.FinishAsync(pool, Other("page"))).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        var inside = await PoolBench.FinishAsync(pool, Other("sound") with { Allowed = [] });
        inside.Error!.Code.ShouldBe(HostErrorCode.Invalid);
        inside.Error.Text.ShouldContain("inside the cloud or on this host");
        (await pool.ReadAsync(default)).Images.ShouldBe([image.ImageId]);
        Directory.EnumerateFiles(bench.Path, "*", SearchOption.AllDirectories).ShouldNotContain(file => file.Contains(".partial", StringComparison.Ordinal));

        EnsureImage Other(string name) => bench.Image() with { Source = web.Url(name), Allowed = ["127.0.0.1/32"] };
    }

    [Fact]
    public async Task What_is_sent_of_a_clone_needs_no_other_file_and_leaves_none()
    {
        await using var bench = await NewBenchAsync();
        var pool = await bench.OpenAsync();
        var volume = await bench.CloneAsync(pool);
        var sending = bench.Sending(volume);
        await pool.EnsureVolumeSentAsync(sending, default);
        var order = Directory.EnumerateFiles(bench.State, "order", SearchOption.AllDirectories).ShouldHaveSingleItem();
        (File.GetUnixFileMode(Path.GetDirectoryName(order)!) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)).ShouldBe(UnixFileMode.None);
        bench.RestartAgent();
        pool = bench.Driver.Require(bench.PoolId);
        (await PoolBench.FinishAsync(pool, sending)).State.ShouldBe(HostWorkState.Done);
        var sent = Directory.EnumerateFiles(bench.Posted).ShouldHaveSingleItem();
        (await QemuImg.ReadAsync(sent, default)).BackingFile.ShouldBeNull();
        await Shell.RunAsync("qemu-img", ["compare", "-q", "-f", "qcow2", "-F", "qcow2", sent, new Uri(bench.SoundUrl).LocalPath]);
        Directory.EnumerateFiles(bench.Path, "*.flat", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sending_that_the_host_did_not_survive_is_forgotten_and_begins_anew()
    {
        await using var bench = await NewBenchAsync();
        var pool = await bench.OpenAsync();
        var volume = await bench.CloneAsync(pool);
        var sending = bench.Sending(volume);
        await pool.EnsureVolumeSentAsync(sending, default);
        await bench.KillJobAsync();
        (await PoolBench.FinishAsync(pool, sending)).Error!.Text.ShouldBe("The sending was interrupted: its process is gone.");
        await pool.EnsureVolumeSentAsync(sending, default);
        await bench.KillJobAsync();
        bench.RestartAgent();
        pool = bench.Driver.Require(bench.PoolId);
        pool.Jobs.ShouldBeEmpty();
        Directory.EnumerateFiles(bench.Path, "*.flat", SearchOption.AllDirectories).ShouldBeEmpty();
        (await PoolBench.FinishAsync(pool, sending)).State.ShouldBe(HostWorkState.Done);
    }

    private static string Sha256(string url) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(new Uri(url).LocalPath)));

    private async Task<Bench> NewBenchAsync()
    {
        var bench = new Bench(lab);
        await bench.PrepareAsync();
        return bench;
    }

    private sealed class Bench(HostLab lab) : PoolBench
    {
        private readonly string _state = lab.NewStateFolder();
        private readonly string _sources = lab.NewStateFolder();
        private DirectoryPools? _pools;
        private SmallWeb? _worker;
        private SmallShare? _store;

        public override IPoolDriver Driver => _pools ??= new DirectoryPools(_state);

        public override string Path => $"{lab.PoolsFolder}/{PoolId}";

        public override string SoundUrl => $"file://{_sources}/sound.qcow2";

        public override string IsoUrl => $"file://{_sources}/disc.iso";

        public override string HostileUrl => $"file://{_sources}/hostile.qcow2";

        public override string MissingUrl => $"file://{_sources}/missing.qcow2";

        public override string UploadUrl => _worker!.Url("upload");

        public string Posted { get; } = lab.NewStateFolder();

        public string State => _state;

        public override async Task<string> StoreAsync()
        {
            _store = await SmallShare.StartAsync();
            File.Copy(new Uri(SoundUrl).LocalPath, $"{_store.Folder}/images/one");
            return $"{SmallShare.Url}/images/one";
        }

        public override async Task<IReadOnlyList<long>> ReceivedAsync()
        {
            var sizes = new List<long>();
            foreach (var file in Directory.EnumerateFiles(Posted)) sizes.Add((await QemuImg.ReadAsync(file, default)).VirtualSizeBytes);
            return sizes;
        }

        /// <summary>Ends the process of the only job, as a host that goes down does.</summary>
        public async Task KillJobAsync()
        {
            var pid = Directory.EnumerateFiles(_state, "pid", SearchOption.AllDirectories).ShouldHaveSingleItem();
            string[] group = ["-KILL", "--", "-" + (await File.ReadAllTextAsync(pid)).Trim()];
            // Its process has a moment's life before it leads a group of its own.
            for (var tries = 1; (await Shell.TryRunAsync("kill", group)).ExitCode != 0; tries++)
            {
                if (tries == 50) throw new InvalidOperationException($"There is nothing to kill in {pid}.");
                await Task.Delay(20);
            }
            await Task.Delay(200);
        }

        public async Task PrepareAsync()
        {
            _worker = await SmallWeb.StartAsync([], Posted, Signature);
            await SmallDisc.WriteAsync($"{_sources}/disc.iso");
            await QemuImg.CreateAsync($"{_sources}/sound.qcow2", 32 << 20, null, default);
            string[] hostile = ["create", "-q", "-u", "-f", "qcow2", "-F", "raw", "-b", "/etc/passwd", $"{_sources}/hostile.qcow2", "1M"];
            await Shell.RunAsync("qemu-img", hostile);
            await Shell.RunAsync("qemu-io", ["-f", "qcow2", "-c", "write -q 0 24M", $"{_sources}/sound.qcow2"]);
        }

        public void RestartAgent() => _pools = null;

        public override Task FillAsync() => lab.InsideAsync("sh", "-c",
            $"dd if=/dev/zero of={lab.Folder}/pools/{PoolId}/ballast bs=1M count=240 2>/dev/null || true");

        public override async ValueTask DisposeAsync()
        {
            await lab.InsideAsync("rm", "-rf", $"{lab.Folder}/pools/{PoolId}");
            if (_worker is not null) await _worker.DisposeAsync();
            if (_store is not null) await _store.DisposeAsync();
        }
    }
}
