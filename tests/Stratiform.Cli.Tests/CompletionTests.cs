using Stratiform.Cli.Tests.Kit;

namespace Stratiform.Cli.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("templa", "template")]
    [InlineData("doc", "doctor")]
    [InlineData("vm star", "start")]
    [InlineData("vm deploy --service-off", "--service-offering-id")]
    [InlineData("vm start ", "web")]
    [InlineData("vm show ", "web")]
    [InlineData("volume attach --virtualmachineid ", "web")]
    [InlineData("api startVirtualM", "startVirtualMachine")]
    [InlineData("api startVirtualMachine hosti", "hostid=")]
    [InlineData("completion f", "fish")]
    [InlineData("workflow sk", "skip")]
    public async Task A_word_begun_is_finished(string line, string answer)
    {
        await using var cloud = (await FakeCloud.StartAsync())
            .On("listApis", Fixtures.ListApis)
            .OnList("listVirtualMachines", "virtualmachine", """{"id":"1","name":"web"}""");
        using var strat = new StratRun(cloud);
        await strat.RunAsync("sync");

        using var second = new StratRun(cloud) { Home = strat.Here.Home };
        await second.RunAsync(["__complete", "--", .. line.Split(' ')]);

        second.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldContain(answer);
    }

    [Fact]
    public async Task Without_a_cloud_the_built_in_commands_are_completed_and_nothing_is_said()
    {
        using var strat = new StratRun();

        (await strat.RunAsync("__complete", "--", "doc")).ShouldBe(ExitCodes.Ok);

        (strat.Out, strat.Error).ShouldBe(("doctor\n", ""));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Each_shell_has_its_script(string shell)
    {
        using var strat = new StratRun();

        (await strat.RunAsync("completion", shell)).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldContain("strat __complete -- ");
    }
}
