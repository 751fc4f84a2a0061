using Stratiform.Cli.Tests.Kit;

namespace Stratiform.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public async Task Help_needs_no_cloud_and_ends_with_examples()
    {
        using var strat = new StratRun();

        (await strat.RunAsync("--help")).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldContain("Examples:\n  strat vm list");
        strat.Out.ShouldNotContain("__complete");
    }

    [Fact]
    public async Task Help_shows_the_nouns_of_the_cloud_once_they_are_known()
    {
        await using var cloud = (await FakeCloud.StartAsync()).On("listApis", Fixtures.ListApis);
        using var strat = new StratRun(cloud);
        await strat.RunAsync("sync");

        await strat.RunAsync("--help");

        strat.Out.ShouldContain("\n  template ");
    }

    [Fact]
    public async Task Help_of_a_verb_names_its_options_and_the_command_behind_it()
    {
        await using var cloud = (await FakeCloud.StartAsync()).On("listApis", Fixtures.ListApis);
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("vm", "deploy", "--help")).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldContain("--service-offering-id <NAME|ID>");
        strat.Out.ShouldContain("(deployVirtualMachine, a job)");
        strat.Out.ShouldContain("Examples:");
    }

    [Fact]
    public async Task Help_of_an_api_command_is_what_the_server_says_of_it()
    {
        await using var cloud = (await FakeCloud.StartAsync()).On("listApis", Fixtures.ListApis);
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("api", "deployVirtualMachine", "--help")).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldContain("deployVirtualMachine (a job)");
        strat.Out.ShouldMatch("zoneid +uuid, required: ");
    }
}
