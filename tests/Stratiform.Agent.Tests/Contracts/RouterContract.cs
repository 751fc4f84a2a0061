using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Stratiform.Agent.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Contracts;

/// <summary>What every way into a router does. A bench's router runs and will answer.</summary>
public abstract class RouterContract
{
    protected abstract Task<RouterBench> BenchAsync();

    [Fact]
    public async Task A_router_that_does_not_run_does_not_answer()
    {
        await using var bench = await BenchAsync();
        var stranger = Guid.CreateVersion7();
        (await bench.Channel.ReadAsync(stranger, default)).Answers.ShouldBeFalse();
        (await bench.Channel.AnswersAsync(stranger, default)).ShouldBeFalse();
        (await bench.Channel.AnswersAsync(bench.RouterId, default)).ShouldBeTrue();
        var refusal = await Should.ThrowAsync<HostException>(
            () => bench.Channel.EnsureAsync(bench.Sound(1) with { RouterId = stranger }, default));
        refusal.Code.ShouldBe(HostErrorCode.NotFound);
    }

    [Fact]
    public async Task A_configuration_is_applied_once_and_never_backwards()
    {
        await using var bench = await BenchAsync();
        (await bench.Channel.ReadAsync(bench.RouterId, default)).Generation.ShouldBe(0);
        var applied = await bench.Channel.EnsureAsync(bench.Sound(2), default);
        (applied.Answers, applied.Generation, applied.FailedPart).ShouldBe((true, 2, ""), applied.FailedText);
        (await bench.Channel.EnsureAsync(bench.Sound(2), default)).Generation.ShouldBe(2);
        (await bench.Channel.EnsureAsync(bench.Sound(5), default)).Generation.ShouldBe(5);
        var refusal = await Should.ThrowAsync<HostException>(() => bench.Channel.EnsureAsync(bench.Sound(4), default));
        refusal.Code.ShouldBe(HostErrorCode.StaleFence);
        (await bench.Channel.ReadAsync(bench.RouterId, default)).Generation.ShouldBe(5);
    }

    [Fact]
    public async Task A_configured_router_looks_at_itself()
    {
        await using var bench = await BenchAsync();
        (await bench.Channel.LookAsync(Guid.CreateVersion7(), default)).Answers.ShouldBeFalse("it does not run");
        (await bench.Channel.LookAsync(bench.RouterId, default)).Answers.ShouldBeFalse("nothing is configured yet");
        await bench.Channel.EnsureAsync(bench.Sound(1), default);
        var health = await bench.Channel.LookAsync(bench.RouterId, default);
        health.Answers.ShouldBeTrue();
        health.Looks.Select(look => look.Name).ShouldBe(
            ["dnsmasq", "metadata", "haproxy", "vpn", "interfaces", "filter", "forwarding", "memory", "gateway"]);
        health.Looks.Where(look => look.Text.Length > 0).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_of_a_pair_serves_while_it_hears_of_no_other()
    {
        await using var bench = await BenchAsync();
        (await bench.Channel.EnsureAsync(bench.Sound(1), default)).Pair.ShouldBe(PairState.Alone);
        var file = new RouterFile("pair", Encoding.UTF8.GetBytes($"group 1\npriority 254\ncard {RouterBench.Mac}\nown 10.1.1.2\npeer 10.1.1.3 02:00:00:00:00:02\n"));
        await bench.Channel.EnsureAsync(bench.Sound(2) with { Files = [.. bench.Sound(2).Files, file] }, default);
        (await bench.Channel.ReadAsync(bench.RouterId, default)).Pair.ShouldBe(PairState.Primary);
        (await bench.Channel.LookAsync(bench.RouterId, default)).Pair.ShouldBe(PairState.Primary);
        // There is no other one, so it soon serves again: on a busy machine before anybody has looked.
        var standsAside = false;
        for (var look = 0; look < 10 && !standsAside; look++)
        {
            await bench.Channel.YieldAsync(bench.RouterId, default);
            standsAside = (await bench.Channel.ReadAsync(bench.RouterId, default)).Pair != PairState.Primary;
        }
        standsAside.ShouldBeTrue();
        await bench.Channel.YieldAsync(Guid.CreateVersion7(), default);
        await bench.Channel.EnsureAsync(bench.Sound(3), default);
        (await bench.Channel.ReadAsync(bench.RouterId, default)).Pair.ShouldBe(PairState.Alone);
    }

    [Fact]
    public async Task The_network_is_probed_from_inside()
    {
        await using var bench = await BenchAsync();
        await bench.Channel.EnsureAsync(bench.Sound(1), default);
        var probe = new ReadDiagnosis { DomainId = bench.RouterId, Probe = NetworkProbe.Ping, Address = "127.0.0.1", Options = ["-c", "2"] };
        var reached = await bench.Channel.DiagnoseAsync(probe, default);
        (reached.ExitCode, reached.Errors).ShouldBe((0, ""));
        reached.Output.ShouldContain("127.0.0.1");
        var gone = await Should.ThrowAsync<HostException>(() => bench.Channel.DiagnoseAsync(probe with { DomainId = Guid.CreateVersion7() }, default));
        gone.Code.ShouldBe(HostErrorCode.NotFound);
    }

    [Fact]
    public async Task What_tells_how_it_is_comes_as_an_archive_with_a_file_for_each_part()
    {
        await using var bench = await BenchAsync();
        await bench.Channel.EnsureAsync(bench.Sound(1), default);
        var read = new ReadDiagnosticsData { DomainId = bench.RouterId, Parts = ReadDiagnosticsData.OfRouters };
        var packed = (await bench.Channel.CollectAsync(read, default)).Packed;
        packed.Length.ShouldBeLessThan(ReadDiagnosticsData.MostBytes);
        await using var unzipped = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        await using var tar = new TarReader(unzipped);
        var names = new List<string>();
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile) names.Add(entry.Name);
        }
        names.ShouldBe(ReadDiagnosticsData.OfRouters.Select(p => "./" + p.TrimStart('/').Replace('/', '_')), ignoreOrder: true);
        var gone = await Should.ThrowAsync<HostException>(() => bench.Channel.CollectAsync(read with { DomainId = Guid.CreateVersion7() }, default));
        gone.Code.ShouldBe(HostErrorCode.NotFound);
    }

    [Fact]
    public async Task A_router_that_balances_nothing_has_counted_nothing()
    {
        await using var bench = await BenchAsync();
        (await bench.Channel.CountAsync(Guid.CreateVersion7(), default)).Answers.ShouldBeFalse("it does not run");
        await bench.Channel.EnsureAsync(bench.Sound(1), default);
        var counted = await bench.Channel.CountAsync(bench.RouterId, default);
        (counted.Answers, counted.Counts.Count, counted.Members.Count).ShouldBe((true, 0, 0));
    }

    [Fact]
    public async Task A_router_tells_what_has_passed_it()
    {
        await using var bench = await BenchAsync();
        (await bench.Channel.ReadTrafficAsync(Guid.CreateVersion7(), default)).Answers.ShouldBeFalse("it does not run");
        (await bench.Channel.ReadTrafficAsync(bench.RouterId, default)).Addresses.Count.ShouldBe(0, "nothing is configured yet");
        await bench.Channel.EnsureAsync(bench.Sound(1), default);
        var before = await bench.Channel.ReadTrafficAsync(bench.RouterId, default);
        await bench.Channel.EnsureAsync(bench.Sound(2), default);
        var after = await bench.Channel.ReadTrafficAsync(bench.RouterId, default);
        (before.Answers, after.Answers, after.Boot).ShouldBe((true, true, before.Boot));
    }

    [Fact]
    public async Task A_router_tells_its_connections_and_goes_on_with_others()
    {
        await using var bench = await BenchAsync();
        (await bench.Channel.ReadConnectionsAsync(Guid.CreateVersion7(), default)).Packed.ShouldBeNull("it does not run");
        await bench.Channel.EnsureAsync(bench.Sound(1), default);
        var told = (await bench.Channel.ReadConnectionsAsync(bench.RouterId, default)).Packed.ShouldNotBeNull();
        await bench.Channel.AdoptConnectionsAsync(bench.RouterId, told, default);
        await bench.Channel.AdoptConnectionsAsync(bench.RouterId, [], default);
    }

    [Fact]
    public async Task A_configured_router_tells_of_its_vpn_connections()
    {
        await using var bench = await BenchAsync();
        (await bench.Channel.TunnelsAsync(Guid.CreateVersion7(), default)).Answers.ShouldBeFalse("it does not run");
        (await bench.Channel.TunnelsAsync(bench.RouterId, default)).Answers.ShouldBeFalse("nothing is configured yet");
        await bench.Channel.EnsureAsync(bench.Sound(1), default);
        var told = await bench.Channel.TunnelsAsync(bench.RouterId, default);
        (told.Answers, told.Tunnels.Count).ShouldBe((true, 0), "it has none");
    }

    [Fact]
    public async Task A_part_that_fails_is_named_and_the_router_keeps_what_it_had()
    {
        await using var bench = await BenchAsync();
        await bench.Channel.EnsureAsync(bench.Sound(1), default);
        var failed = await bench.Channel.EnsureAsync(bench.Broken(2), default);
        (failed.Answers, failed.Generation).ShouldBe((true, 1));
        failed.FailedPart.ShouldBe("nft");
        failed.FailedText.ShouldNotBeEmpty();
        var mended = await bench.Channel.EnsureAsync(bench.Sound(3), default);
        (mended.Generation, mended.FailedPart).ShouldBe((3, ""));
    }
}

/// <summary>A running router and configurations for it.</summary>
public abstract class RouterBench : IAsyncDisposable
{
    /// <summary>Of its card among guests.</summary>
    public const string Mac = "02:00:00:00:00:01";

    public abstract IRouterChannel Channel { get; }

    public abstract Guid RouterId { get; }

    public virtual EnsureRouterConfiguration Sound(long generation) => new()
    {
        RouterId = RouterId,
        Generation = generation,
        Files = [new RouterFile("nft/rules.nft", Encoding.UTF8.GetBytes($"table inet generation{generation} {{\n}}\n"))],
    };

    public abstract EnsureRouterConfiguration Broken(long generation);

    public abstract ValueTask DisposeAsync();
}
