using Stratiform.Cli.Tests.Kit;

namespace Stratiform.Cli.Tests;

public sealed class ExitCodeTests
{
    [Fact]
    public async Task A_refusal_ends_with_1_and_the_servers_words_on_standard_error()
    {
        await using var cloud = (await FakeCloud.StartAsync()).On("doIt", _ => throw new FakeRefusal(431, "Parameter x is blank."));
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("api", "doIt")).ShouldBe(ExitCodes.Refused);

        strat.Error.ShouldContain("Parameter x is blank.");
        strat.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Wrong_keys_end_with_1_and_never_show_the_secret()
    {
        await using var cloud = await FakeCloud.StartAsync();
        using var strat = new StratRun(cloud);
        strat.Variables["CLOUDSTACK_SECRET"] = "wrong-secret";

        (await strat.RunAsync("api", "listZones")).ShouldBe(ExitCodes.Refused);

        strat.Error.ShouldContain("unable to verify user credentials");
        strat.Error.ShouldContain("CLOUDSTACK_SECRET");
        strat.Error.ShouldNotContain("wrong-secret");
    }

    [Fact]
    public async Task A_pair_without_an_equals_sign_ends_with_2()
    {
        await using var cloud = await FakeCloud.StartAsync();
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("api", "listZones", "available")).ShouldBe(ExitCodes.Usage);

        strat.Error.ShouldContain("'available' is not KEY=VALUE.");
    }

    [Fact]
    public async Task No_cloud_to_ask_ends_with_2_and_says_how_to_get_one()
    {
        using var strat = new StratRun();

        (await strat.RunAsync("api", "listZones")).ShouldBe(ExitCodes.Usage);

        strat.Error.ShouldContain("make up");
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_with_3()
    {
        using var strat = new StratRun();

        (await strat.RunAsync("api", "listZones", "--endpoint", "http://127.0.0.1:1/client/api")).ShouldBe(ExitCodes.Unreachable);

        strat.Error.ShouldContain("127.0.0.1:1");
    }

    [Fact]
    public async Task Something_else_at_the_address_ends_with_3()
    {
        await using var cloud = await FakeCloud.StartAsync();
        using var strat = new StratRun(cloud);

        var elsewhere = cloud.Endpoint.Replace("/client/api", "/health");
        (await strat.RunAsync("api", "listZones", "--endpoint", elsewhere)).ShouldBe(ExitCodes.Unreachable);

        strat.Error.ShouldContain("does not speak the API");
    }

    [Fact]
    public async Task An_address_that_is_none_ends_with_2()
    {
        using var strat = new StratRun();

        (await strat.RunAsync("api", "listZones", "--endpoint", "box")).ShouldBe(ExitCodes.Usage);
    }
}
