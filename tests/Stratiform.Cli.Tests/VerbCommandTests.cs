using Stratiform.Cli.Tests.Kit;

namespace Stratiform.Cli.Tests;

public sealed class VerbCommandTests
{
    private const string Web = "018f0000-0000-7000-8000-000000000001";
    private const string Db = "018f0000-0000-7000-8000-000000000002";
    private const string Zone = "018f0000-0000-7000-8000-00000000000a";
    private const string Offering = "018f0000-0000-7000-8000-00000000000b";

    private const string Deployed = $$$"""{"virtualmachine":{"id":"{{{Web}}}","name":"web"}}""";

    [Fact]
    public async Task A_list_is_an_aligned_table_of_the_columns_that_matter()
    {
        await using var cloud = await CloudAsync();
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("vm", "list")).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldBe(
            """
            NAME  STATE    IP                   MEMORY
            web   Running  10.1.1.5, 10.1.1.77  512 MiB
            db    Stopped                       2 GiB

            """);
    }

    [Fact]
    public async Task Columns_can_be_chosen_and_json_replaces_the_table()
    {
        await using var cloud = await CloudAsync();
        using var chosen = new StratRun(cloud);
        using var json = new StratRun(cloud);

        await chosen.RunAsync("vm", "list", "--columns", "id,address=nic.ipaddress");
        await json.RunAsync("vm", "list", "--json");

        chosen.Out.Split('\n')[1].ShouldBe($"{Web}  10.1.1.5, 10.1.1.77");
        json.Out.TrimStart().ShouldStartWith("[");
    }

    [Fact]
    public async Task A_table_on_a_terminal_has_a_frame_and_colours()
    {
        await using var cloud = await CloudAsync();
        using var strat = new StratRun(cloud) { IsTty = true };

        await strat.RunAsync("vm", "list");

        strat.Out.ShouldContain("╭");
        strat.Out.ShouldContain("\e[");
    }

    [Fact]
    public async Task A_list_asks_for_everything_the_caller_may_see()
    {
        await using var cloud = await CloudAsync();
        using var strat = new StratRun(cloud);

        await strat.RunAsync("vm", "list");

        cloud.Calls.Single(call => call.Command == "listVirtualMachines")["listall"].ShouldBe("true");
    }

    [Fact]
    public async Task An_empty_list_prints_no_table()
    {
        await using var cloud = (await CloudAsync()).On("listVolumes", "{}");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("volume", "list")).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Templates_are_asked_for_as_an_admin_and_then_as_a_user()
    {
        await using var cloud = (await CloudAsync()).On("listTemplates", call => call["templatefilter"] == "all"
            ? throw new FakeRefusal(431, "Filter all can be specified by root admin only")
            : System.Text.Json.Nodes.JsonNode.Parse("""{"count":1,"template":[{"id":"t","name":"alpine"}]}""")!);
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("template", "list")).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldContain("alpine");
    }

    [Fact]
    public async Task Names_stand_for_ids_in_every_spelling_of_an_option()
    {
        await using var cloud = (await CloudAsync()).On("deployVirtualMachine", Deployed);
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("vm", "deploy", "web", "--zone-id", "box", "--serviceofferingid=Small", "--networkIds", "net"))
            .ShouldBe(ExitCodes.Ok);

        var call = cloud.Calls.Last();
        (call["name"], call["zoneid"], call["serviceofferingid"]).ShouldBe(("web", Zone, Offering));
    }

    [Fact]
    public async Task An_option_may_leave_out_its_id()
    {
        await using var cloud = (await CloudAsync()).On("deployVirtualMachine", Deployed);
        using var strat = new StratRun(cloud);

        await strat.RunAsync("vm", "deploy", "--zone", "box", "--service-offering", "Small");

        cloud.Calls.Last()["zoneid"].ShouldBe(Zone);
    }

    [Fact]
    public async Task What_is_required_is_checked_before_the_server_is_asked()
    {
        await using var cloud = await CloudAsync();
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("vm", "deploy", "web")).ShouldBe(ExitCodes.Usage);

        strat.Error.ShouldContain("vm deploy needs --service-offering-id, --zone-id.");
        cloud.Calls.ShouldAllBe(call => call.Command == "listApis");
    }

    [Fact]
    public async Task A_switch_does_not_swallow_the_name_that_follows_it()
    {
        await using var cloud = (await CloudAsync()).On("stopVirtualMachine", """{"success":true}""");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("vm", "stop", "--forced", "web")).ShouldBe(ExitCodes.Ok);

        (cloud.Calls.Last()["forced"], cloud.Calls.Last()["id"]).ShouldBe(("true", Web));
    }

    [Fact]
    public async Task An_unknown_name_ends_with_2_and_names_what_there_is()
    {
        await using var cloud = await CloudAsync();
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("vm", "start", "wbe")).ShouldBe(ExitCodes.Usage);

        strat.Error.ShouldContain("There is: web, db");
    }

    [Fact]
    public async Task A_name_that_two_things_share_ends_with_2_and_lists_their_ids()
    {
        await using var cloud = (await CloudAsync()).OnList(
            "listVirtualMachines",
            "virtualmachine",
            $$"""{"id":"{{Web}}","name":"web"}""",
            $$"""{"id":"{{Db}}","name":"web"}""");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("vm", "destroy", "web")).ShouldBe(ExitCodes.Usage);

        strat.Error.ShouldContain(Web);
        strat.Error.ShouldContain(Db);
        cloud.Calls.ShouldNotContain(call => call.Command == "destroyVirtualMachine");
    }

    [Fact]
    public async Task Show_finds_one_thing_by_name_and_prints_all_of_it()
    {
        await using var cloud = await CloudAsync();
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("vm", "show", "WEB")).ShouldBe(ExitCodes.Ok);

        strat.Out.ShouldContain($"id      {Web}");
        strat.Out.ShouldContain("ipaddress=10.1.1.77");
    }

    [Fact]
    public async Task A_password_that_is_told_once_is_printed()
    {
        await using var cloud = (await CloudAsync()).OnJob(
            "resetPasswordForVirtualMachine",
            "j1",
            """{"jobid":"j1","jobstatus":1,"jobresult":{"virtualmachine":{"id":"v1","name":"web","password":"s3cr3t"}}}""");
        using var strat = new StratRun(cloud);

        await strat.RunAsync("vm", "reset-password", Web);

        strat.Out.ShouldContain("password  s3cr3t");
    }

    [Fact]
    public async Task A_success_that_is_false_ends_with_1()
    {
        await using var cloud = (await CloudAsync()).On("deleteVolume", """{"success":false,"displaytext":"It is attached."}""");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("volume", "delete", Web)).ShouldBe(ExitCodes.Refused);

        strat.Error.ShouldContain("It is attached.");
    }

    [Fact]
    public async Task Tags_and_other_maps_are_written_as_pairs()
    {
        await using var cloud = (await CloudAsync()).On("createTags", """{"success":true}""");
        using var strat = new StratRun(cloud);

        await strat.RunAsync("tag", "create", "--tags", "colour=blue,size=a,b", "--resource-ids", Web, "--resourcetype", "UserVm");

        var call = cloud.Calls.Last();
        (call["tags[0].key"], call["tags[0].value"]).ShouldBe(("colour", "blue"));
        (call["tags[1].key"], call["tags[1].value"]).ShouldBe(("size", "a,b"));
    }

    [Fact]
    public async Task User_data_from_a_file_is_encoded()
    {
        await using var cloud = (await CloudAsync()).On("deployVirtualMachine", Deployed);
        using var strat = new StratRun(cloud);
        strat.Write("init.sh", "#!/bin/sh\n");

        await strat.RunAsync("vm", "deploy", "--zone", Zone, "--service-offering", Offering, "--userdata", "@init.sh");

        (cloud.Calls.Last().Method, cloud.Calls.Last()["userdata"]).ShouldBe(("POST", "IyEvYmluL3No"));
    }

    [Fact]
    public async Task A_parameter_that_is_called_like_an_option_of_strat_gets_a_prefix()
    {
        await using var cloud = (await CloudAsync()).On("addRegion", """{"region":{"id":"1","name":"far"}}""");
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("region", "add", "far", "--id", "1", "--param-endpoint", "http://far/")).ShouldBe(ExitCodes.Ok);

        cloud.Calls.Last()["endpoint"].ShouldBe("http://far/");
    }

    [Fact]
    public async Task The_catalogue_is_asked_for_once_and_again_only_when_something_is_unknown()
    {
        await using var cloud = await CloudAsync();
        using var strat = new StratRun(cloud);

        await strat.RunAsync("vm", "list");
        await strat.RunAsync("vm", "list");
        cloud.Calls.Count(call => call.Command == "listApis").ShouldBe(1);

        (await strat.RunAsync("nonsense", "list")).ShouldBe(ExitCodes.Usage);
        cloud.Calls.Count(call => call.Command == "listApis").ShouldBe(2);
    }

    [Fact]
    public async Task A_noun_alone_shows_its_verbs()
    {
        await using var cloud = await CloudAsync();
        using var strat = new StratRun(cloud);

        (await strat.RunAsync("workflow")).ShouldBe(ExitCodes.Ok);

        foreach (var verb in (string[])["list", "show", "retry", "skip", "give-up"])
            strat.Out.ShouldContain($"\n  {verb} ");
    }

    private static async Task<FakeCloud> CloudAsync() => (await FakeCloud.StartAsync())
        .On("listApis", Fixtures.ListApis)
        .OnList("listZones", "zone", $$"""{"id":"{{Zone}}","name":"box"}""")
        .OnList("listServiceOfferings", "serviceoffering", $$"""{"id":"{{Offering}}","name":"Small"}""")
        .OnList("listNetworks", "network", """{"id":"n-1","name":"net"}""")
        .OnList(
            "listVirtualMachines",
            "virtualmachine",
            $$"""{"id":"{{Web}}","name":"web","state":"Running","memory":512,"nic":[{"ipaddress":"10.1.1.5"},{"ipaddress":"10.1.1.77"}]}""",
            $$"""{"id":"{{Db}}","name":"db","state":"Stopped","memory":2048,"nic":[]}""");
}
