using Stratiform.Cli.Tests.Kit;

namespace Stratiform.Cli.Tests;

public sealed class BackupTests
{
    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    public async Task Hands_over_to_the_boxs_script_with_the_whole_path_and_without_the_keys(string verb)
    {
        await using var cloud = await FakeCloud.StartAsync();
        using var strat = new StratRun(cloud);
        Directory.CreateDirectory(Path.Combine(strat.Folder, ".run"));
        strat.Write("packaging/box/maintain", "");

        (await strat.RunAsync(verb, "cloud.tar")).ShouldBe(42);

        strat.HandedTo.ShouldBe(
            [Path.Combine(strat.Folder, "packaging/box/maintain"), Path.Combine(strat.Folder, ".run"), verb, Path.Combine(strat.Folder, "cloud.tar")]);
        strat.HandedVariables.Keys.ShouldNotContain(name => name.StartsWith("CLOUDSTACK_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outside_a_checkout_it_says_where_it_works()
    {
        await using var cloud = await FakeCloud.StartAsync();
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("backup", "cloud.tar")).ShouldBe(ExitCodes.Usage);

        strat.Error.ShouldContain("inside the checkout");
    }
}
