using System.Security.Cryptography;
using Stratiform.Transfers;

namespace Stratiform.Host.Tests;

/// <summary>Files that are read from a real NFS server, which breaks off, stalls and refuses.</summary>
[Collection(OnTheHost.Name)]
public sealed class NfsFetchTests(HostLab lab) : IAsyncLifetime
{
    private const int Size = 48 << 20;
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(Size);
    private readonly string _folder = lab.NewStateFolder();
    private SmallShare _share = null!;

    private string Part => $"{_folder}/part";

    public async Task InitializeAsync()
    {
        _share = await SmallShare.StartAsync();
        await File.WriteAllBytesAsync($"{_share.Folder}/images/one", _content);
    }

    public async Task DisposeAsync() => await _share.DisposeAsync();

    [Fact]
    public async Task A_file_comes_whole_and_is_added_up_as_it_comes()
    {
        using var sum = new RunningSum(HashAlgorithmName.SHA256);
        (await RunAsync(fetch => fetch with { Sum = sum })).ShouldBe(new FetchOutcome(FetchEnd.Done));
        sum.Of(Part)!.Hex.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(_content)));
        Fetcher.TotalOf(Part).ShouldBe(Size);
        (await File.ReadAllBytesAsync(Part)).AsSpan().SequenceEqual(_content).ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_is_killed_in_the_middle_and_comes_back_is_gone_on_with()
    {
        var (taken, again) = (0L, Task.CompletedTask);
        (await RunAsync(fetch => fetch with { Taken = read => AtQuarter(ref taken, read, () => again = RestartAsync()) })).ShouldBe(new FetchOutcome(FetchEnd.Done));
        await again;
        taken.ShouldBe(Size);
        (await File.ReadAllBytesAsync(Part)).AsSpan().SequenceEqual(_content).ShouldBeTrue();

        async Task RestartAsync()
        {
            await _share.KillAsync();
            await _share.ServeAsync();
        }
    }

    [Fact]
    public async Task A_server_that_stalls_is_noticed_and_gone_on_with()
    {
        var (taken, again) = (0L, Task.CompletedTask);
        (await RunAsync(fetch => fetch with { Patience = TimeSpan.FromSeconds(1), Taken = read => AtQuarter(ref taken, read, () => again = StallAsync()) }))
            .ShouldBe(new FetchOutcome(FetchEnd.Done));
        await again;
        (await File.ReadAllBytesAsync(Part)).AsSpan().SequenceEqual(_content).ShouldBeTrue();

        async Task StallAsync()
        {
            PauseAtOnce();
            await Task.Delay(2500);
            await _share.GoOnAsync();
        }
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_given_up()
    {
        var taken = 0L;
        var stalled = await RunAsync(fetch => fetch with
        {
            Patience = TimeSpan.FromMilliseconds(500),
            Attempts = 2,
            Taken = read => AtQuarter(ref taken, read, PauseAtOnce),
        });
        stalled.End.ShouldBe(FetchEnd.Failed);
        stalled.Text.ShouldContain("sent less than");
        await _share.GoOnAsync();
    }

    [Fact]
    public async Task What_is_not_reached_at_first_is_told_within_the_time_of_a_trial()
    {
        await File.WriteAllTextAsync($"{_share.Folder}/images/private", "x");
        File.SetUnixFileMode($"{_share.Folder}/images/private", UnixFileMode.UserRead);
        foreach (var url in new[] { $"{SmallShare.Url}/images/private", $"{SmallShare.Url}/images/none", "nfs://127.79.0.0/share/images/one", "nfs://no.such.name.invalid/x/y" })
        {
            (await RunAsync(fetch => fetch with { Source = new Uri(url), Trial = TimeSpan.FromSeconds(5) })).End.ShouldBe(FetchEnd.Unreachable, url);
        }
        (await RunAsync(fetch => fetch with { Source = new Uri($"{SmallShare.Url}/images/none") })).End.ShouldBe(FetchEnd.NotThere);
        await _share.PauseAsync();
        var silent = await RunAsync(fetch => fetch with { Trial = TimeSpan.FromSeconds(1) });
        silent.ShouldBe(new FetchOutcome(FetchEnd.Unreachable, "the server sent less than 65536 bytes in 1 s"));
        await _share.GoOnAsync();
    }

    // Nothing more is taken meanwhile.
    private void PauseAtOnce()
    {
        var paused = _share.PauseAsync();
        SpinWait.SpinUntil(() => paused.IsCompleted);
    }

    // Not before some of it has come.
    private static void AtQuarter(ref long taken, int read, Action then)
    {
        var before = taken;
        taken += read;
        if (before < Size / 4 && taken >= Size / 4) then();
    }

    private async Task<FetchOutcome> RunAsync(Func<Fetch, Fetch> with)
    {
        var fetch = new Fetch { Source = new Uri($"{SmallShare.Url}/images/one"), Into = Fetch.File(Part), MaxBytes = 1L << 30 };
        return await new Fetcher(TimeProvider.System).RunAsync(with(fetch), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
    }
}
