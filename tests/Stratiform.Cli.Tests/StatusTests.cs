using Stratiform.Cli.Tests.Kit;

namespace Stratiform.Cli.Tests;

public sealed class StatusTests
{
    [Fact]
    public async Task A_cloud_that_is_well_ends_with_0_and_counts_its_vms()
    {
        await using var cloud = (await FakeCloud.StartAsync())
            .OnList("listHosts", "host", """{"name":"host-1","state":"Up","resourcestate":"Enabled"}""")
            .OnList("listSystemVms", "systemvm", """{"name":"s-1-VM","systemvmtype":"secondarystoragevm","state":"Running"}""")
            .OnList(
                "listVirtualMachines",
                "virtualmachine",
                """{"id":"1","state":"Running"}""",
                """{"id":"2","state":"Running"}""",
                """{"id":"3","state":"Stopped"}""")
            .OnList("listCapacity", "capacity", """{"type":0,"capacityused":1073741824,"capacitytotal":4294967296,"zonename":"box"}""")
            .On("listEvents", "{}");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("status")).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldContain("2 Running, 1 Stopped");
        strat.Out.ShouldContain("memory: 1 GiB of 4 GiB (25 %) in box");
        strat.Out.ShouldContain("host-1  Up  Enabled");
    }

    [Fact]
    public async Task What_cannot_be_asked_does_not_keep_the_rest_from_being_shown()
    {
        await using var cloud = (await FakeCloud.StartAsync())
            .OnList("listHosts", "host", """{"name":"host-1","state":"Down"}""")
            .On("listVirtualMachines", "{}")
            .On("listCapacity", "{}")
            .On("listEvents", "{}");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("status")).ShouldBe(ExitCodes.Refused);

        strat.Out.ShouldContain("cannot be asked: The API [listSystemVms] does not exist");
        strat.Out.ShouldContain("host-1  Down");
    }

    [Fact]
    public async Task With_the_server_down_the_box_says_what_to_do()
    {
        using var strat = new StratRun();
        strat.Write(".run/cloud.env", "CLOUDSTACK_ENDPOINT=http://127.0.0.1:1/client/api\n");
        strat.Write(".run/server.pid", "4194999\n");

        (await strat.RunAsync("status")).ShouldBe(ExitCodes.Unreachable);

        strat.Out.ShouldContain("the server's process 4194999 is gone");
        strat.Out.ShouldContain("make up");
        strat.Out.ShouldContain("server.log");
    }

    [Fact]
    public async Task A_box_that_never_came_up_is_still_told_of()
    {
        using var strat = new StratRun();
        Directory.CreateDirectory(Path.Combine(strat.Folder, ".run"));

        (await strat.RunAsync("status")).ShouldBe(ExitCodes.Unreachable);

        strat.Out.ShouldContain("the server is not started");
    }
}
