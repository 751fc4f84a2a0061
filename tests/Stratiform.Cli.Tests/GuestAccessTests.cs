using Stratiform.Cli.Tests.Kit;

namespace Stratiform.Cli.Tests;

public sealed class GuestAccessTests
{
    private const string Vm = "018f0000-0000-7000-8000-000000000001";
    private const string Web =
        """
        {"id":"018f0000-0000-7000-8000-000000000001","name":"web","state":"Running","hostname":"host-1","nic":[
          {"networkid":"n-0","ipaddress":"10.9.0.4","netmask":"255.255.0.0","isdefault":false},
          {"networkid":"n-1","ipaddress":"10.1.1.5","netmask":"255.255.255.0","isdefault":true}]}
        """;

    [Fact]
    public async Task Ssh_hands_over_to_the_boxs_script_with_the_default_nic_and_without_the_keys()
    {
        await using var cloud = (await FakeCloud.StartAsync()).OnList("listVirtualMachines", "virtualmachine", Web);
        using var strat = Box(cloud);

        (await strat.RunAsync("ssh", "web", "--", "uptime", "-p")).ShouldBe(42);

        strat.HandedTo.ShouldBe(
        [
            Path.Combine(strat.Folder, "packaging/box/ssh"), Path.Combine(strat.Folder, ".run"),
            "host-1", "n-1", "10.1.1.5", "10.1.1.0/24", "uptime", "-p",
        ]);
        strat.HandedVariables["VM_ID"].ShouldBe(Vm);
        strat.HandedVariables.Keys.ShouldNotContain(name => name.StartsWith("CLOUDSTACK_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Console_hands_over_the_host_and_the_vm()
    {
        await using var cloud = (await FakeCloud.StartAsync()).OnList("listVirtualMachines", "virtualmachine", Web);
        using var strat = Box(cloud);

        await strat.RunAsync("console", Vm);

        strat.HandedTo.ShouldBe([Path.Combine(strat.Folder, "packaging/box/console"), Path.Combine(strat.Folder, ".run"), "host-1", Vm]);
    }

    [Fact]
    public async Task A_vm_that_does_not_run_cannot_be_entered()
    {
        await using var cloud = (await FakeCloud.StartAsync()).OnList(
            "listVirtualMachines", "virtualmachine", """{"id":"018f0000-0000-7000-8000-000000000001","name":"web","state":"Stopped"}""");
        using var strat = Box(cloud);

        (await strat.RunAsync("ssh", "web")).ShouldBe(ExitCodes.Usage);

        strat.Error.ShouldContain("strat vm start web");
    }

    private static StratRun Box(FakeCloud cloud)
    {
        var strat = new StratRun(cloud);
        Directory.CreateDirectory(Path.Combine(strat.Folder, ".run"));
        strat.Write("packaging/box/ssh", "");
        strat.Write("packaging/box/console", "");
        return strat;
    }
}
