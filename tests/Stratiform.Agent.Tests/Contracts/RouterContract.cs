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
