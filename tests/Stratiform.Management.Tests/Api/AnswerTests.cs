using System.Xml.Linq;

namespace Stratiform.Management.Tests.Api;

public sealed class AnswerTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    [Fact]
    public async Task Nulls_are_left_out_and_dates_are_in_the_wires_form()
    {
        var body = (await cloud.AsAdminAsync("probe", ("name", "n"))).ShouldBe(200).Body;
        body.ContainsKey("nothing").ShouldBeFalse();
        body["now"]!.GetValue<string>().ShouldBe("2030-01-01T00:00:00+0000");
        body["userid"]!.GetValue<string>().Length.ShouldBe(36);
    }

    [Fact]
    public async Task Fields_for_administrators_are_left_out_for_others_at_every_depth()
    {
        var tenant = await cloud.TenantAsync("blind");
        (await cloud.AsAsync(tenant.Keys, "probe", ("name", "n"))).Text.ShouldNotContain("hidden");
        (await cloud.AsAdminAsync("probe", ("name", "n"))).Body["part"]![1]!["hidden"]!.GetValue<string>().ShouldBe("hidden");
    }

    [Fact]
    public async Task A_job_is_answered_with_its_id_and_the_entitys() =>
        (await cloud.AsAdminAsync("probeJob")).ShouldBe(200).Text.ShouldMatch("^\\{\"probejobresponse\":\\{\"jobid\":\"1{8}-[1-]+\",\"id\":\"[0-9a-f-]{36}\"\\}\\}$");

    [Fact]
    public async Task A_mere_success_says_true() =>
        (await cloud.AsAdminAsync("probeFailure", ("how", "none"))).ShouldBe(200).Text
            .ShouldBe("{\"probefailureresponse\":{\"success\":true,\"displaytext\":\"done\"}}");

    [Fact]
    public async Task A_change_is_shown_as_it_is_after_the_commit() =>
        (await cloud.AsAdminAsync("probeChange", ("firstname", "Ada"))).ShouldBe(200).Body["user"]!["firstname"]!.GetValue<string>().ShouldBe("Ada");

    [Fact]
    public async Task An_error_stands_under_the_commands_envelope_with_its_codes_and_a_header()
    {
        var reply = (await cloud.AsAdminAsync("listUsers", ("page", "1"))).ShouldBe(431);
        reply.Text.ShouldBe(
            "{\"listusersresponse\":{\"uuidList\":[],\"errorcode\":431,\"cserrorcode\":4350,\"errortext\":\"\\\"pagesize\\\" parameter is required when \\\"page\\\" is specified\"}}");
        reply.Description.ShouldBe(reply.ErrorText);
        reply.ContentType.ShouldStartWith("application/json");
    }

    [Fact]
    public async Task A_bug_is_answered_without_its_cause_and_logged_with_it()
    {
        var tenant = await cloud.TenantAsync("unlucky");
        (await cloud.AsAsync(tenant.Keys, "probeFailure", ("how", "bug"))).ShouldBe(530).ErrorText
            .ShouldBe("Internal error executing command, please contact your system administrator");
        var toAdmin = (await cloud.AsAdminAsync("probeFailure", ("how", "bug"))).ShouldBe(530);
        toAdmin.Text.ShouldNotContain("secret cause");
        toAdmin.Text.ShouldNotContain("   at ");
        cloud.Logs.Errors.ShouldContain(line => line.Contains("secret cause", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_race_lost_thrice_is_refused_clearly() =>
        (await cloud.AsAdminAsync("probeFailure", ("how", "race"))).ShouldBe(530).ErrorText!.ShouldContain("try again");

    [Fact]
    public async Task A_race_lost_once_is_run_again_from_the_look_up() =>
        (await cloud.AsAdminAsync("probeFailure", ("how", "late"))).ShouldBe(200).Body["success"]!.GetValue<bool>().ShouldBeTrue();

    [Theory]
    [InlineData("pagesize", "10", "\"page\" parameter is required when \"pagesize\" is specified")]
    [InlineData("page", "1", "\"pagesize\" parameter is required when \"page\" is specified")]
    public async Task Page_and_pagesize_go_together(string name, string value, string text) =>
        (await cloud.AsAdminAsync("listUsers", (name, value))).ShouldBe(431).ErrorText.ShouldBe(text);

    [Fact]
    public async Task A_page_has_its_limits()
    {
        (await cloud.AsAdminAsync("listUsers", ("page", "1"), ("pagesize", "501"))).ShouldBe(431).ErrorText
            .ShouldBe("Page size can't exceed max allowed page size value: 500");
        (await cloud.AsAdminAsync("listUsers", ("page", "0"), ("pagesize", "5"))).ShouldBe(431);
        (await cloud.AsAdminAsync("listUsers", ("page", "2147483647"), ("pagesize", "500"))).ShouldBe(200);
        (await cloud.AsAdminAsync("listUsers", ("pagesize", "-1"))).ShouldBe(200);
        (await cloud.AsAdminAsync("listUsers", ("pagesize", "-1"), ("page", "1"))).ShouldBe(431);
    }

    [Fact]
    public async Task Pages_cover_the_list_once()
    {
        var domain = (await cloud.TenantAsync("crowd", Management.Api.AllowedTo.DomainAdmin)).Domain;
        for (var i = 0; i < 6; i++) await cloud.TenantAsync($"crowd{i}", domain: domain);
        var seen = new List<string>();
        for (var page = 1; page <= 4; page++)
        {
            var body = (await cloud.AsAdminAsync("listUsers", ("domainid", domain.Id.ToString()), ("page", $"{page}"), ("pagesize", "2"))).Body;
            body["count"]!.GetValue<int>().ShouldBe(7);
            seen.AddRange(body["user"]!.AsArray().Select(u => u!["username"]!.GetValue<string>()));
        }
        seen.Order(StringComparer.Ordinal).ShouldBe(["crowd", "crowd0", "crowd1", "crowd2", "crowd3", "crowd4", "crowd5"]);
    }

    [Fact]
    public async Task Xml_is_the_default_and_repeats_the_elements_of_lists()
    {
        var reply = (await cloud.AsAdminAsync("probe", ("name", "<&>\"\u00e9"), ("response", "xml"), ("details[0].cpu speed", "1"))).ShouldBe(200);
        reply.ContentType.ShouldBe("text/xml; charset=UTF-8");
        reply.Text.ShouldStartWith("<?xml version=\"1.0\" encoding=\"utf-8\"?><proberesponse cloud-stack-version=\"4.22.0.0\">");
        var xml = XDocument.Parse(reply.Text).Root!;
        xml.Element("seen")!.Value.ShouldStartWith("<&>\"\u00e9;");
        xml.Elements("part").Select(part => part.Element("place")!.Value).ShouldBe(["1", "2"]);
        xml.Element("details")!.Elements().Single().Value.ShouldBe("1");
    }

    [Fact]
    public async Task Lists_successes_and_errors_have_their_forms_in_xml()
    {
        var list = XDocument.Parse((await cloud.AsAdminAsync("listUsers", ("response", "anything"))).Text).Root!;
        list.Element("count")!.Value.ShouldBe("1");
        list.Elements("user").Single().Element("isdefault")!.Value.ShouldBe("true");
        XDocument.Parse((await cloud.AsAdminAsync("listAsyncJobs", ("response", "xml"))).Text).Root!.IsEmpty.ShouldBeTrue();
        var success = XDocument.Parse((await cloud.AsAdminAsync("probeFailure", ("how", "none"), ("response", "xml"))).Text).Root!;
        success.Element("success")!.Value.ShouldBe("true");
        var refused = (await cloud.AsAdminAsync("probe", ("response", "xml"))).ShouldBe(431);
        XDocument.Parse(refused.Text).Root!.Element("errorcode")!.Value.ShouldBe("431");
    }

    [Fact]
    public async Task The_content_type_of_json_follows_its_setting()
    {
        await cloud.AsAdminAsync("updateConfiguration", ("name", "json.content.type"), ("value", "text/javascript; charset=UTF-8"));
        (await cloud.AsAdminAsync("listUsers")).ContentType.ShouldBe("text/javascript; charset=UTF-8");
        await cloud.AsAdminAsync("resetConfiguration", ("name", "json.content.type"));
        (await cloud.AsAdminAsync("listUsers")).ContentType.ShouldBe("application/json; charset=UTF-8");
    }
}
