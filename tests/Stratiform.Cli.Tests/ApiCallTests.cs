using Stratiform.Cli.Tests.Kit;

namespace Stratiform.Cli.Tests;

public sealed class ApiCallTests
{
    private const string Running = """{"jobid":"j1","jobstatus":0,"jobresultcode":0}""";

    [Fact]
    public async Task A_parameter_given_twice_is_refused_before_anything_is_sent()
    {
        await using var cloud = await FakeCloud.StartAsync();
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("api", "listZones", "name=a", "NAME=b")).ShouldBe(ExitCodes.Usage);

        strat.Error.ShouldContain("name is given 2 times");
    }

    [Fact]
    public async Task A_call_is_signed_and_its_answer_printed_without_the_envelope()
    {
        await using var cloud = (await FakeCloud.StartAsync()).OnList("listZones", "zone", """{"id":"z-1","name":"Zürich"}""");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("api", "listZones", "Available=true")).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldContain("\"name\": \"Zürich\"");
        strat.Out.ShouldNotContain("listzonesresponse");
        var call = cloud.Calls.ShouldHaveSingleItem();
        call.Method.ShouldBe("GET");
        call["available"].ShouldBe("true");
        call["signatureversion"].ShouldBe("3");
    }

    [Fact]
    public async Task Raw_prints_the_body_as_it_came()
    {
        await using var cloud = (await FakeCloud.StartAsync()).On("listZones", "{}");
        using var strat = new StratRun(cloud);

        await strat.RunAsync("api", "listZones", "--raw");

        strat.Out.Trim().ShouldBe("""{"listzonesresponse":{}}""");
    }

    [Theory]
    [InlineData("userdata=abc")]
    [InlineData("password=hunter2")]
    public async Task Passwords_and_user_data_are_posted(string pair)
    {
        await using var cloud = (await FakeCloud.StartAsync()).On("doIt", """{"success":true}""");
        using var strat = new StratRun(cloud);

        await strat.RunAsync("api", "doIt", pair);

        cloud.Calls.ShouldHaveSingleItem().Method.ShouldBe("POST");
    }

    [Fact]
    public async Task A_long_call_is_posted()
    {
        await using var cloud = (await FakeCloud.StartAsync()).On("doIt", """{"success":true}""");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("api", "doIt", "text=" + new string('x', 3000))).ShouldBe(ExitCodes.Ok);

        cloud.Calls.ShouldHaveSingleItem().Method.ShouldBe("POST");
    }

    [Fact]
    public async Task A_value_can_come_from_a_file_and_keeps_a_doubled_at_sign_as_one()
    {
        await using var cloud = (await FakeCloud.StartAsync()).On("doIt", """{"success":true}""");
        using var strat = new StratRun(cloud);
        strat.Write("secret", "from the file\n");

        await strat.RunAsync("api", "doIt", "password=@secret", "name=@@home");

        var call = cloud.Calls.ShouldHaveSingleItem();
        call["password"].ShouldBe("from the file");
        call["name"].ShouldBe("@home");
    }

    [Fact]
    public async Task Only_the_key_of_a_map_entry_keeps_its_case()
    {
        await using var cloud = (await FakeCloud.StartAsync()).On("doIt", """{"success":true}""");
        using var strat = new StratRun(cloud);

        await strat.RunAsync("api", "doIt", "Details[0].cpuNumber=2");

        cloud.Calls.ShouldHaveSingleItem()["details[0].cpuNumber"].ShouldBe("2");
    }

    [Fact]
    public async Task A_job_is_waited_for_and_each_change_of_its_progress_is_one_line()
    {
        await using var cloud = (await FakeCloud.StartAsync()).OnJob(
            "startVirtualMachine", "j1",
            """{"jobid":"j1","jobstatus":0,"jobprogress":"1 of 3: MarkStarting","jobpercent":0}""",
            """{"jobid":"j1","jobstatus":0,"jobprogress":"2 of 3: ChooseHost","jobpercent":33}""",
            """{"jobid":"j1","jobstatus":0,"jobprogress":"2 of 3: ChooseHost","jobpercent":33}""",
            """{"jobid":"j1","jobstatus":1,"jobresultcode":0,"jobresult":{"virtualmachine":{"id":"v1","state":"Running"}}}""");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("api", "startVirtualMachine", "id=v1")).ShouldBe(ExitCodes.Ok);

        strat.Error.Trim().Split('\n').ShouldBe(
            ["startVirtualMachine: 1 of 3: MarkStarting (0 %)", "startVirtualMachine: 2 of 3: ChooseHost (33 %)"]);
        strat.Out.ShouldContain("\"state\": \"Running\"");
        strat.Out.ShouldNotContain("jobstatus");
    }

    [Fact]
    public async Task On_a_terminal_progress_is_one_line_that_is_wiped_at_the_end()
    {
        await using var cloud = (await FakeCloud.StartAsync()).OnJob(
            "startVirtualMachine", "j1",
            """{"jobid":"j1","jobstatus":0,"jobprogress":"2 of 4: ChooseHost","jobpercent":50}""",
            """{"jobid":"j1","jobstatus":1,"jobresult":{"success":true}}""");
        using var strat = new StratRun(cloud) { IsTty = true };

        await strat.RunAsync("api", "startVirtualMachine", "id=v1");

        strat.Error.ShouldContain("━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌ startVirtualMachine  2 of 4: ChooseHost (50 %)");
        strat.Error.ShouldEndWith("\r\e[2K");
        strat.Error.ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_job_that_fails_says_why_and_ends_with_1()
    {
        await using var cloud = (await FakeCloud.StartAsync()).OnJob(
            "startVirtualMachine", "j1", Running,
            """{"jobid":"j1","jobstatus":2,"jobresultcode":533,"jobresult":{"errorcode":533,"errortext":"No host has 4 GiB free."}}""");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("api", "startVirtualMachine", "id=v1")).ShouldBe(ExitCodes.Refused);

        strat.Error.ShouldContain("No host has 4 GiB free.");
        strat.Error.ShouldContain("strat status");
        strat.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_waiting_the_job_is_printed()
    {
        await using var cloud = (await FakeCloud.StartAsync()).OnJob("startVirtualMachine", "j1", Running);
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("api", "startVirtualMachine", "id=v1", "--no-wait")).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldContain("\"jobid\": \"j1\"");
        cloud.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_job_longer_than_the_timeout_goes_on_and_strat_says_how_to_look_again()
    {
        await using var cloud = (await FakeCloud.StartAsync()).OnJob("startVirtualMachine", "j1", Running);
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("api", "startVirtualMachine", "id=v1", "--timeout", "0")).ShouldBe(ExitCodes.Refused);

        strat.Error.ShouldContain("strat job wait j1");
    }
}
