using Stratiform.Cli.Tests.Kit;

namespace Stratiform.Cli.Tests;

public sealed class AuditTests
{
    private const string Leak = """{"where":"host-1","kind":"domain","id":"d-7","text":"runs, but no VM is known by this id"}""";

    [Theory]
    [InlineData("", "", 0, "clean")]
    [InlineData(Leak, "", 1, "1 leaks")]
    [InlineData("", """{"where":"host-2","text":"does not answer"}""", 2, "1 places could not be read")]
    [InlineData(Leak, """{"where":"host-2","text":"does not answer"}""", 1, "1 leaks")]
    public async Task The_exit_code_tells_clean_from_leaking_from_unreadable(string leaks, string unreadable, int exit, string verdict)
    {
        await using var cloud = (await FakeCloud.StartAsync()).On(
            "auditCloud", "{\"audit\":{\"checked\":12,\"leaks\":[" + leaks + "],\"inprogress\":[],\"unreadable\":[" + unreadable + "]}}");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("audit")).ShouldBe(exit);

        strat.Out.ShouldContain($"12 checked, 0 in progress: ");
        strat.Out.ShouldContain(verdict);
    }

    [Fact]
    public async Task A_leak_is_shown_with_where_it_is()
    {
        await using var cloud = (await FakeCloud.StartAsync()).On(
            "auditCloud", "{\"audit\":{\"checked\":1,\"leaks\":[" + Leak + "],\"inprogress\":[],\"unreadable\":[]}}");
        using var strat = new StratRun(cloud);

        await strat.RunAsync("audit");

        strat.Out.ShouldContain("host-1  domain  d-7  runs, but no VM is known by this id");
    }

    [Fact]
    public async Task An_answer_without_an_audit_is_never_called_clean()
    {
        await using var cloud = (await FakeCloud.StartAsync()).On("auditCloud", """{"success":true}""");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("audit")).ShouldBe(ExitCodes.Refused);

        strat.Out.ShouldBeEmpty();
    }
}
