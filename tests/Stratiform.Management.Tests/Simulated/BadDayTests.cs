using System.Text.Json.Nodes;
using Stratiform.Protocol;
using Stratiform.Simulator;

namespace Stratiform.Management.Tests.Simulated;

/// <summary>What a client sees when hosts fail it in the middle of a deployment: a machine that runs, or the reason; never a leak.</summary>
public sealed class BadDayTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Theory]
    [InlineData(FaultKind.LoseAnswer, nameof(EnsureVolume))]
    [InlineData(FaultKind.LoseAnswer, nameof(EnsureDomain))]
    [InlineData(FaultKind.Disconnect, nameof(EnsureVolume))]
    [InlineData(FaultKind.Disconnect, nameof(EnsureDomain))]
    [InlineData(FaultKind.Delay, nameof(EnsureDomain))]
    public async Task A_host_that_was_away_for_a_moment_costs_nothing(FaultKind kind, string message)
    {
        var network = await cloud.NetworkAsync($"moment-{kind}-{message}".ToLowerInvariant());
        var fault = cloud.Simulator.Order(new Fault { Kind = kind, Message = message, Times = 2, DelayMs = 700 });
        var vm = await cloud.DeployAsync(network, $"m-{kind}-{message}".ToLowerInvariant());
        fault.Struck.IsCompleted.ShouldBeTrue();
        vm["state"]!.GetValue<string>().ShouldBe("Running");
        await ExpungeAsync(vm["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(nameof(EnsureVolume))]
    [InlineData(nameof(EnsureDomain))]
    [InlineData(nameof(EnsureNetwork))]
    public async Task A_host_that_refuses_is_named_with_its_reason(string message)
    {
        var network = await cloud.NetworkAsync($"refused-{message}".ToLowerInvariant());
        var fault = cloud.Simulator.Order(new Fault { Kind = FaultKind.Refuse, Message = message, Text = "the wheel came off" });
        var job = await DeployAsync(network, $"r-{message}".ToLowerInvariant());
        fault.Withdraw();
        await ShouldHaveFailedAsync(job, "the wheel came off");
    }

    [Fact]
    public async Task A_pool_without_room_says_so()
    {
        var network = await cloud.NetworkAsync("full");
        // The network's router and image are there already: only the disk is missing.
        await ExpungeAsync((await cloud.DeployAsync(network, "before"))["id"]!.GetValue<string>());
        var fault = cloud.Simulator.Order(new Fault { Kind = FaultKind.FullDisk });
        var job = await DeployAsync(network, "full");
        fault.Withdraw();
        // Its host finds out, or has told of it before the pool is chosen.
        await ShouldHaveFailedAsync(job, "is full", "no primary storage with its disks or room");
    }

    private Task<JsonObject> DeployAsync(string network, string name) => cloud.JobAsync(
        "deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", cloud.Template), ("serviceofferingid", cloud.Small),
        ("networkids", network), ("name", name));

    private async Task ShouldHaveFailedAsync(JsonObject job, params string[] reasons)
    {
        job["jobstatus"]!.GetValue<int>().ShouldBe(2);
        var text = job["jobresult"]!["errortext"]!.GetValue<string>();
        reasons.ShouldContain(reason => text.Contains(reason, StringComparison.Ordinal), text);
        await ExpungeAsync(job["jobinstanceid"]!.GetValue<string>());
    }

    private async Task ExpungeAsync(string id)
    {
        (await cloud.JobAsync("destroyVirtualMachine", ("id", id), ("expunge", "true")))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        await cloud.ShouldBeCleanAsync();
    }
}
