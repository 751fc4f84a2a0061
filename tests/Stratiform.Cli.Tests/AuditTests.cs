using System.Text.Json.Nodes;
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

    private const string First = """{"where":"host-1","whereid":"h-1","kind":"domain","id":"d-7","text":"nobody owns it","removable":true}""";
    private const string Second = """{"where":"pool","whereid":"p-1","kind":"volume","id":"v-8","text":"nobody owns it","removable":true}""";

    [Theory]
    [InlineData("y\nn\n", "d-7")]
    [InlineData("n\ny\n", "v-8")]
    [InlineData("what?\ny\nquit\n", "d-7")]
    [InlineData("all\n", "d-7 v-8")]
    [InlineData("n\n", "")]
    [InlineData("q\n", "")]
    [InlineData("", "")]
    public async Task What_nobody_owns_is_removed_one_by_one_as_the_person_says(string answers, string removed)
    {
        await using var cloud = await LeakingAsync();
        using var strat = new StratRun(cloud) { Answers = answers };

        (await strat.RunAsync("audit", "--fix")).ShouldBe(removed.Contains(' ') ? 0 : 1, strat.Error);

        string.Join(' ', cloud.Calls.Where(c => c.Command == "removeLeak").Select(c => c["id"])).ShouldBe(removed);
        strat.Out.ShouldContain("Remove domain d-7 from host-1? [y/n/all/quit] ");
        strat.Out.ShouldNotContain("Remove database", customMessage: "only what lies somewhere can be taken away");
    }

    [Fact]
    public async Task Everything_is_removed_without_asking_and_told_to_programs()
    {
        await using var cloud = await LeakingAsync();
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("audit", "--fix", "--yes", "--json")).ShouldBe(0, strat.Error);

        var told = JsonNode.Parse(strat.Out)!;
        told["fixes"]!.AsArray().Select(fix => $"{fix!["kind"]} {fix["id"]} {fix["outcome"]}").ShouldBe(["domain d-7 removed", "volume v-8 removed"]);
        told["audit"]!["leaks"]!.AsArray().Count.ShouldBe(0);
        var sent = cloud.Calls.First(c => c.Command == "removeLeak");
        (sent["whereid"], sent["kind"]).ShouldBe(("h-1", "domain"));
    }

    [Fact]
    public async Task What_gained_an_owner_is_kept_with_the_reason_and_the_next_goes_on()
    {
        await using var cloud = await LeakingAsync();
        cloud.On("removeLeak", call => call["id"] == "d-7" ? throw new FakeRefusal(409, "The domain d-7 has an owner: it stays.") : new JsonObject { ["success"] = true });
        using var strat = new StratRun(cloud);

        await strat.RunAsync("audit", "--fix", "--yes");

        strat.Out.ShouldContain("domain d-7 from host-1: kept: ");
        strat.Out.ShouldContain("has an owner: it stays.");
        strat.Out.ShouldContain("volume v-8 from pool: removed");
    }

    [Fact]
    public async Task Nobody_is_asked_where_nobody_is()
    {
        await using var cloud = await LeakingAsync();
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("audit", "--fix")).ShouldBe(ExitCodes.Usage);
        strat.Error.ShouldContain("strat audit --fix --yes");
        (await strat.RunAsync("audit", "--yes")).ShouldBe(ExitCodes.Usage);
        cloud.Calls.ShouldNotContain(c => c.Command == "removeLeak");
    }

    // Two leaks until they are removed.
    private static async Task<FakeCloud> LeakingAsync()
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        var cloud = await FakeCloud.StartAsync();
        return cloud
            .On("auditCloud", _ =>
            {
                var left = new[] { (Id: "d-7", Text: First), (Id: "v-8", Text: Second) }.Where(l => !gone.Contains(l.Id)).Select(l => l.Text);
                return JsonNode.Parse($"{{\"audit\":{{\"checked\":2,\"leaks\":[{string.Join(',', left)}],\"inprogress\":[],\"unreadable\":[]}}}}")!;
            })
            .On("removeLeak", call =>
            {
                gone.Add(call["id"]!);
                return new JsonObject { ["success"] = true };
            });
    }
}
