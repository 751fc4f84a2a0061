using Stratiform.Agent.Storage;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Contracts;

/// <summary>What every kind of pool does.</summary>
public abstract class PoolContract
{
    private const long Mib = 1 << 20;

    protected abstract Task<PoolBench> BenchAsync();

    [Fact]
    public async Task A_pool_is_usable_after_ensuring_and_not_before()
    {
        await using var bench = await BenchAsync();
        Should.Throw<HostException>(() => bench.Driver.Require(bench.PoolId)).Code.ShouldBe(HostErrorCode.NotFound);
        var pool = await bench.OpenAsync();
        bench.Driver.Require(bench.PoolId).Id.ShouldBe(pool.Id);
        (await pool.ReadSpaceAsync(default)).CapacityBytes.ShouldBeGreaterThan(0);
        await bench.Driver.EnsureAbsentAsync(bench.PoolId, default);
        Should.Throw<HostException>(() => bench.Driver.Require(bench.PoolId));
    }

    [Fact]
    public async Task A_pool_needs_an_absolute_path_with_a_parent_and_stays_there()
    {
        await using var bench = await BenchAsync();
        (await RefusalAsync(() => bench.Driver.EnsureAsync(bench.PoolId, "pools/p", default))).ShouldBe(HostErrorCode.Invalid);
        (await RefusalAsync(() => bench.Driver.EnsureAsync(bench.PoolId, "/missing/p", default))).ShouldBe(HostErrorCode.NotFound);
        await bench.OpenAsync();
        (await RefusalAsync(() => bench.Driver.EnsureAsync(bench.PoolId, bench.Path + "-b", default))).ShouldBe(HostErrorCode.Invalid);
    }

    [Fact]
    public async Task An_image_is_copied_by_a_job_and_then_there()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var image = bench.Image();
        var first = await pool.EnsureImageAsync(image, default);
        first.State.ShouldBe(HostWorkState.Running);
        pool.Jobs.ShouldHaveSingleItem();
        (await pool.ReadAsync(default)).Images.ShouldBeEmpty();
        var done = await PoolBench.FinishAsync(pool, image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        done.Percent.ShouldBe(100);
        done.VirtualSizeBytes.ShouldBeGreaterThan(0);
        done.PhysicalSizeBytes.ShouldBeGreaterThan(0);
        pool.Jobs.ShouldBeEmpty();
        (await pool.ReadAsync(default)).Images.ShouldBe([image.ImageId]);
        (await pool.EnsureImageAsync(image, default)).ShouldBe(done);
    }

    [Fact]
    public async Task An_image_with_another_checksum_is_corrupt_and_not_kept()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var failed = await PoolBench.FinishAsync(pool, bench.Image() with { Checksum = "{SHA-256}" + new string('0', 64) });
        failed.State.ShouldBe(HostWorkState.Failed);
        failed.Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        (await pool.ReadAsync(default)).Images.ShouldBeEmpty();
        pool.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_that_is_hostile_missing_or_too_large_is_refused()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        (await PoolBench.FinishAsync(pool, bench.Image() with { Source = bench.HostileUrl })).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        (await PoolBench.FinishAsync(pool, bench.Image() with { Source = bench.MissingUrl })).Error!.Code.ShouldBe(HostErrorCode.NotFound);
        (await PoolBench.FinishAsync(pool, bench.Image() with { Format = ImageFormat.Vmdk })).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        (await PoolBench.FinishAsync(pool, bench.Image() with { MaxVirtualSizeBytes = 4096 })).Error!.Code.ShouldBe(HostErrorCode.Invalid);
        foreach (var bad in new[] { bench.Image() with { Source = "ftp://x/y" }, bench.Image() with { Checksum = "xyz" } })
            (await RefusalAsync(() => pool.EnsureImageAsync(bad, default))).ShouldBe(HostErrorCode.Invalid);
        (await pool.ReadAsync(default)).Images.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_is_read_from_its_store_and_verified()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var image = bench.Image() with { Source = await bench.StoreAsync() };
        (await pool.EnsureImageFromStoreAsync(image, default)).State.ShouldBe(HostWorkState.Running);
        pool.Jobs.ShouldHaveSingleItem();
        var done = await PoolBench.FinishFromStoreAsync(pool, image);
        done.State.ShouldBe(HostWorkState.Done, done.Error?.Text);
        (await pool.ReadAsync(default)).Images.ShouldBe([image.ImageId]);
        (await pool.EnsureImageFromStoreAsync(image, default)).ShouldBe(done);
        (await pool.EnsureImageAsync(image with { Source = bench.SoundUrl }, default)).ShouldBe(done);
        var other = bench.Image() with { Source = image.Source, Checksum = "{SHA-256}" + new string('0', 64) };
        (await PoolBench.FinishFromStoreAsync(pool, other)).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        pool.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_is_not_reached_is_told_of_and_the_image_may_come_another_way()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var image = bench.Image() with { Source = PoolBench.NoStoreUrl };
        var failed = await PoolBench.FinishFromStoreAsync(pool, image);
        (failed.State, failed.Error!.Code).ShouldBe((HostWorkState.Failed, HostErrorCode.Unreachable));
        failed.Error.Text.ShouldStartWith($"This host does not reach {PoolBench.NoStoreUrl} itself: ");
        pool.Jobs.ShouldBeEmpty();
        (await PoolBench.FinishAsync(pool, image with { Source = bench.SoundUrl })).State.ShouldBe(HostWorkState.Done);
    }

    [Fact]
    public async Task What_lets_into_a_store_is_not_told_and_what_is_no_store_is_refused()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var image = bench.Image() with { Source = "http://127.0.0.1:1/bucket/images/one?X-Amz-Signature=secret" };
        (await PoolBench.FinishFromStoreAsync(pool, image)).Error!.Text.ShouldStartWith("This host does not reach http://127.0.0.1:1/bucket/images/one itself: ");
        (await RefusalAsync(() => pool.EnsureImageFromStoreAsync(bench.Image() with { Source = "file:///etc/passwd" }, default))).ShouldBe(HostErrorCode.Invalid);
        (await RefusalAsync(() => pool.EnsureImageAsync(bench.Image() with { Source = PoolBench.NoStoreUrl }, default))).ShouldBe(HostErrorCode.Invalid);
    }

    [Fact]
    public async Task An_iso_is_kept_as_it_is_and_taken_for_nothing_else()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var iso = bench.Image() with { Source = bench.IsoUrl, Format = ImageFormat.Iso };
        (await PoolBench.FinishAsync(pool, iso with { Format = ImageFormat.Qcow2 })).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        (await PoolBench.FinishAsync(pool, bench.Image() with { Format = ImageFormat.Iso })).Error!.Code.ShouldBe(HostErrorCode.Corrupt);
        var copied = await PoolBench.FinishAsync(pool, iso);
        copied.State.ShouldBe(HostWorkState.Done, copied.Error?.Text);
        copied.VirtualSizeBytes.ShouldBe(copied.PhysicalSizeBytes);
        (await pool.ReadAsync(default)).Images.ShouldBe([iso.ImageId]);
        pool.FindImage(iso.ImageId)!.IsFile.ShouldBeTrue();
        await pool.EnsureImageAsync(iso with { ImageId = Guid.CreateVersion7() }, default);
        await pool.EnsureNoImageAsync(iso.ImageId, default);
        (await pool.ReadAsync(default)).Images.ShouldBeEmpty();
        pool.FindImage(iso.ImageId).ShouldBeNull();
    }

    [Fact]
    public async Task A_volume_is_a_clone_that_keeps_its_image()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var image = bench.Image();
        var volume = bench.Volume(Mib) with { ImageId = image.ImageId };
        (await RefusalAsync(() => pool.EnsureVolumeAsync(volume, false, default))).ShouldBe(HostErrorCode.NotFound);
        var copied = await PoolBench.FinishAsync(pool, image);
        var report = await pool.EnsureVolumeAsync(volume, false, default);
        report.SizeBytes.ShouldBe(copied.VirtualSizeBytes);
        report.AllocatedBytes.ShouldBeLessThan(copied.VirtualSizeBytes);
        (await pool.EnsureVolumeAsync(volume, false, default)).ShouldBe(report);
        (await RefusalAsync(() => pool.EnsureNoImageAsync(image.ImageId, default))).ShouldBe(HostErrorCode.Failed);
        await pool.EnsureNoVolumeAsync(volume.VolumeId, default);
        await pool.EnsureNoImageAsync(image.ImageId, default);
        (await pool.ReadAsync(default)).Images.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_empty_volume_grows_when_unused_and_never_shrinks()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var volume = bench.Volume(64 * Mib);
        (await pool.EnsureVolumeAsync(volume, false, default)).SizeBytes.ShouldBe(64 * Mib);
        (await pool.ReadAsync(default)).Volumes.ShouldBe([volume.VolumeId]);
        var larger = volume with { SizeBytes = 128 * Mib };
        (await RefusalAsync(() => pool.EnsureVolumeAsync(larger, true, default))).ShouldBe(HostErrorCode.Failed);
        (await pool.EnsureVolumeAsync(larger, false, default)).SizeBytes.ShouldBe(128 * Mib);
        (await pool.EnsureVolumeAsync(volume, true, default)).SizeBytes.ShouldBe(128 * Mib);
    }

    [Fact]
    public async Task A_volume_of_another_origin_is_refused()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var image = bench.Image();
        await PoolBench.FinishAsync(pool, image);
        var volume = bench.Volume(64 * Mib);
        await pool.EnsureVolumeAsync(volume, false, default);
        var clone = volume with { ImageId = image.ImageId };
        (await RefusalAsync(() => pool.EnsureVolumeAsync(clone, false, default))).ShouldBe(HostErrorCode.Invalid);
    }

    [Fact]
    public async Task A_volume_is_located_while_it_exists()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var volume = bench.Volume(Mib);
        await pool.EnsureVolumeAsync(volume, false, default);
        (await pool.LocateAsync(volume.VolumeId, default)).Path.ShouldStartWith("/");
        await pool.EnsureNoVolumeAsync(volume.VolumeId, default);
        await pool.EnsureNoVolumeAsync(volume.VolumeId, default);
        (await RefusalAsync(() => pool.LocateAsync(volume.VolumeId, default))).ShouldBe(HostErrorCode.NotFound);
    }

    [Fact]
    public async Task A_full_pool_takes_nothing_new_and_keeps_nothing_half()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        await bench.FillAsync();
        (await RefusalAsync(() => pool.EnsureVolumeAsync(bench.Volume(64 * Mib), false, default))).ShouldBe(HostErrorCode.NoSpace);
        (await PoolBench.FinishAsync(pool, bench.Image())).Error!.Code.ShouldBe(HostErrorCode.NoSpace);
        var inventory = await pool.ReadAsync(default);
        inventory.Volumes.ShouldBeEmpty();
        inventory.Images.ShouldBeEmpty();
        inventory.Space.UsedBytes.ShouldBeGreaterThan(inventory.Space.CapacityBytes / 2);
    }

    [Fact]
    public async Task An_abandoned_copy_leaves_nothing()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var image = bench.Image();
        await pool.EnsureImageAsync(image, default);
        await pool.EnsureNoImageAsync(image.ImageId, default);
        pool.Jobs.ShouldBeEmpty();
        (await pool.ReadAsync(default)).Images.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_volume_is_sent_whole_by_a_job_and_stays_sent()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var volume = await bench.CloneAsync(pool);
        var sending = bench.Sending(volume);
        (await pool.EnsureVolumeSentAsync(sending, default)).State.ShouldBe(HostWorkState.Running);
        pool.Jobs.ShouldHaveSingleItem().ShouldBe($"send/{bench.PoolId}/{volume.VolumeId}");
        var done = await PoolBench.FinishAsync(pool, sending);
        done.ShouldBe(new SendProgress(HostWorkState.Done, 100), done.Error?.Text);
        (await pool.EnsureVolumeSentAsync(sending, default)).ShouldBe(done);
        (await bench.ReceivedAsync()).ShouldBe([volume.SizeBytes]);
        await pool.EnsureNoVolumeSentAsync(volume.VolumeId, default);
        await pool.EnsureNoVolumeSentAsync(volume.VolumeId, default);
        pool.Jobs.ShouldBeEmpty();
        (await pool.ReadAsync(default)).Volumes.ShouldBe([volume.VolumeId]);
    }

    [Fact]
    public async Task Another_attempt_sends_a_volume_again()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var volume = await bench.CloneAsync(pool);
        await PoolBench.FinishAsync(pool, bench.Sending(volume));
        (await PoolBench.FinishAsync(pool, bench.Sending(volume))).State.ShouldBe(HostWorkState.Done);
        pool.Jobs.ShouldHaveSingleItem();
        (await bench.ReceivedAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_volume_that_is_not_there_cannot_be_sent_and_one_that_is_refused_says_why()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        (await RefusalAsync(() => pool.EnsureVolumeSentAsync(bench.Sending(bench.Volume(Mib)), default))).ShouldBe(HostErrorCode.NotFound);
        var volume = await bench.CloneAsync(pool);
        var refused = await PoolBench.FinishAsync(pool, bench.Sending(volume) with { Signature = "forged" });
        (refused.State, refused.Error!.Code).ShouldBe((HostWorkState.Failed, HostErrorCode.Busy));
        refused.Error.Text.ShouldContain("the worker answered 403");
        pool.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_pool_sends_nothing()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var volume = await bench.CloneAsync(pool);
        await bench.FillAsync();
        (await PoolBench.FinishAsync(pool, bench.Sending(volume))).Error!.Code.ShouldBe(HostErrorCode.NoSpace);
        pool.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sending_ends_when_it_is_told_to_and_when_the_volume_goes()
    {
        await using var bench = await BenchAsync();
        var pool = await bench.OpenAsync();
        var volume = await bench.CloneAsync(pool);
        await pool.EnsureVolumeSentAsync(bench.Sending(volume), default);
        await pool.EnsureNoVolumeSentAsync(volume.VolumeId, default);
        pool.Jobs.ShouldBeEmpty();
        await pool.EnsureVolumeSentAsync(bench.Sending(volume), default);
        await pool.EnsureNoVolumeAsync(volume.VolumeId, default);
        pool.Jobs.ShouldBeEmpty();
        (await pool.ReadAsync(default)).Volumes.ShouldBeEmpty();
    }

    private static async Task<HostErrorCode> RefusalAsync(Func<Task> act) => (await Should.ThrowAsync<HostException>(act)).Code;
}

/// <summary>Pools under test and images to put on them.</summary>
public abstract class PoolBench : IAsyncDisposable
{
    public Guid PoolId { get; } = Guid.CreateVersion7();

    public abstract IPoolDriver Driver { get; }

    public abstract string Path { get; }

    public abstract string SoundUrl { get; }

    public abstract string HostileUrl { get; }

    public abstract string IsoUrl { get; }

    public abstract string MissingUrl { get; }

    /// <summary>A store where nothing answers.</summary>
    public const string NoStoreUrl = "nfs://127.79.0.0/nothing/images/one";

    /// <summary>Puts the sound image into a store that this host reaches, and names it there.</summary>
    public abstract Task<string> StoreAsync();

    /// <summary>Where volumes are sent, to which <see cref="Signature"/> lets.</summary>
    public abstract string UploadUrl { get; }

    /// <summary>What the worker at that place wants to see.</summary>
    public const string Signature = "signed";

    public Task<IStoragePool> OpenAsync() => Driver.EnsureAsync(PoolId, Path, default);

    public EnsureImage Image() => new() { PoolId = PoolId, ImageId = Guid.CreateVersion7(), Source = SoundUrl };

    public EnsureVolume Volume(long sizeBytes) => new() { PoolId = PoolId, VolumeId = Guid.CreateVersion7(), SizeBytes = sizeBytes };

    /// <summary>A volume that is a clone of the sound image.</summary>
    public async Task<EnsureVolume> CloneAsync(IStoragePool pool)
    {
        var image = Image();
        var copied = await FinishAsync(pool, image);
        var volume = Volume(copied.VirtualSizeBytes) with { ImageId = image.ImageId };
        await pool.EnsureVolumeAsync(volume, false, default);
        return volume;
    }

    public EnsureVolumeSent Sending(EnsureVolume volume) => new()
    {
        PoolId = PoolId,
        VolumeId = volume.VolumeId,
        AttemptId = Guid.CreateVersion7(),
        Url = UploadUrl,
        Metadata = "metadata",
        Expires = "expires",
        Signature = Signature,
    };

    /// <summary>Virtual sizes of the images that came there.</summary>
    public abstract Task<IReadOnlyList<long>> ReceivedAsync();

    public static Task<SendProgress> FinishAsync(IStoragePool pool, EnsureVolumeSent sending) =>
        Waiting.UntilAsync(() => pool.EnsureVolumeSentAsync(sending, default), progress => progress.State != HostWorkState.Running);

    public static Task<ImageProgress> FinishAsync(IStoragePool pool, EnsureImage image) =>
        Waiting.UntilAsync(() => pool.EnsureImageAsync(image, default), progress => progress.State != HostWorkState.Running);

    public static Task<ImageProgress> FinishFromStoreAsync(IStoragePool pool, EnsureImage image) =>
        Waiting.UntilAsync(() => pool.EnsureImageFromStoreAsync(image, default), progress => progress.State != HostWorkState.Running);

    public abstract Task FillAsync();

    public abstract ValueTask DisposeAsync();
}
