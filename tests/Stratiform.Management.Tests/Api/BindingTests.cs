namespace Stratiform.Management.Tests.Api;

public sealed class BindingTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private const string Nil = "00000000-0000-0000-0000-000000000000";

    private async Task<string> SeenAsync(params (string, string)[] parameters) =>
        (await cloud.AsAdminAsync("probe", [("name", "n"), .. parameters])).ShouldBe(200).Body["seen"]!.GetValue<string>();

    private async Task<string> RefusedAsync(int status, params (string, string)[] parameters) =>
        (await cloud.AsAdminAsync("probe", [("name", "n"), .. parameters])).ShouldBe(status).ErrorText!;

    [Fact]
    public async Task Every_kind_is_read() => (await SeenAsync(
        ("short", "abcd"), ("flag", "True"), ("number", "-7"), ("long", "8589934592"), ("fraction", "1.5"), ("userid", Nil),
        ("startdate", "2026-01-31"), ("enddate", "2026-01-31"), ("words", "a, b,,c"), ("userids", Nil + "," + Nil), ("colour", "blue")))
        .ShouldBe($"n;abcd;True;-7;8589934592;1.5;{Nil};1769817600;1769903999;[a|b|c];[{Nil}|{Nil}];Blue");

    [Fact]
    public async Task Names_are_read_in_any_case() => (await SeenAsync(("nUmBeR", "3"))).ShouldContain(";3;");

    [Fact]
    public async Task Blank_numbers_and_ids_count_as_absent() =>
        (await SeenAsync(("number", " "), ("long", ""), ("fraction", ""), ("userid", ""), ("startdate", ""))).ShouldBe("n;;;;;;;;;none;none;");

    [Fact]
    public async Task A_blank_text_and_a_blank_list_are_what_they_are() =>
        (await SeenAsync(("words", ""), ("short", ""))).ShouldBe("n;;;;;;;;;[];none;");

    [Fact]
    public async Task Any_other_word_than_true_is_false() => (await SeenAsync(("flag", "yes"))).ShouldContain(";False;");

    [Fact]
    public async Task Minus_one_passes_as_an_id() => (await SeenAsync(("userid", "-1"))).ShouldContain("ffffffff-ffff-ffff-ffff-ffffffffffff");

    [Theory]
    [InlineData("2026-01-31T10:00:00+0000")]
    [InlineData("2026-01-31T12:00:00+0200")]
    [InlineData("2026-01-31T12:00:00+02:00")]
    [InlineData("2026-01-31T10:00:00Z")]
    [InlineData("2026-01-31 10:00:00")]
    public async Task Dates_are_read_in_the_forms_that_clients_send(string date) => (await SeenAsync(("startdate", date))).ShouldContain(";1769853600;");

    [Fact]
    public async Task An_unknown_parameter_is_ignored() => (await SeenAsync(("networkid", "None"))).ShouldStartWith("n;");

    [Fact]
    public async Task A_missing_required_parameter_is_named() =>
        (await cloud.AsAdminAsync("probe", ("name", " "))).ShouldBe(431).ErrorText
            .ShouldBe("Unable to execute API command probe due to missing parameter name");

    [Fact]
    public async Task A_text_that_is_too_long_is_refused() => (await RefusedAsync(431, ("short", "abcde"))).ShouldBe(
        "Unable to execute API command probe due to invalid value. Value greater than max allowed length 4 for param: short");

    [Theory]
    [InlineData("userid", "12")]
    [InlineData("userids", "x")]
    public async Task An_id_that_is_none_is_refused_as_unknown(string parameter, string value) =>
        (await RefusedAsync(431, (parameter, value))).ShouldBe(
            $"Unable to execute API command probe due to invalid value. Invalid parameter {parameter} value={value} due to incorrect long value "
            + "format, or entity does not exist or due to incorrect parameter annotation for the field in api cmd class.");

    [Theory]
    [InlineData("number", "1.5")]
    [InlineData("number", "99999999999")]
    [InlineData("long", "x")]
    [InlineData("fraction", "NaN")]
    [InlineData("fraction", "1e999")]
    public async Task A_number_that_is_none_is_refused(string parameter, string value) => (await RefusedAsync(431, (parameter, value)))
        .ShouldBe($"Unable to execute API command probe due to invalid value {value} for parameter {parameter}");

    [Fact]
    public async Task A_date_that_is_none_is_refused() => (await RefusedAsync(431, ("startdate", "tomorrow"))).ShouldBe(
        "Unable to parse date tomorrow for command probe, please pass dates in the format mentioned in the api documentation");

    [Theory]
    [InlineData("green")]
    [InlineData("0")]
    [InlineData("Red,Blue")]
    public async Task A_word_that_is_none_of_the_few_is_refused_with_the_few(string word) =>
        (await RefusedAsync(431, ("colour", word))).ShouldEndWith("it is one of Red, Blue");

    [Fact]
    public async Task Maps_are_read_by_index_and_keep_the_case_of_their_fields() =>
        (await cloud.AsAdminAsync("probe", ("name", "n"), ("Details[0].cpuNumber", "2"), ("details[1].memory.size", "512"))).ShouldBe(200)
            .Body["details"]!.ToJsonString().ShouldBe("{\"cpuNumber\":\"2\",\"memory.size\":\"512\"}");

    [Theory]
    [InlineData("details[0]")]
    [InlineData("details[0].")]
    [InlineData("details[0]memory")]
    [InlineData("details[x].memory")]
    [InlineData("details[0][1].memory")]
    [InlineData("details[0.memory")]
    [InlineData("details[].memory")]
    [InlineData("other[99999999999].x")]
    public async Task A_map_that_cannot_be_read_is_refused(string key) => (await RefusedAsync(430, (key, "1"))).ShouldBe(
        $"Unable to decode parameter {key}; if specifying an object array, please use parameter[index].field=XXX, e.g. userGroupList[0].group=httpGroup");

    [Theory]
    [InlineData('\0')]
    [InlineData('\t')]
    [InlineData('\v')]
    [InlineData('\u001f')]
    [InlineData('\u007f')]
    public async Task A_control_character_is_refused(char character)
    {
        var text = await RefusedAsync(431, ("short", "a" + character));
        text.ShouldContain("contains illegal ASCII non-printable characters");
        text.ShouldNotContain(character.ToString());
    }

    [Fact]
    public async Task A_control_character_is_refused_in_names_too() =>
        (await RefusedAsync(431, ("details[0].a\0b", "x"))).ShouldContain("illegal ASCII");

    [Fact]
    public async Task Line_breaks_pass() => (await SeenAsync(("short", "a\r\nb"))).ShouldContain("a\r\nb");

    [Fact]
    public async Task A_parameter_for_administrators_is_refused_to_others()
    {
        var tenant = await cloud.TenantAsync("curious");
        (await cloud.AsAsync(tenant.Keys, "probe", ("name", "n"), ("secret", "s"))).ShouldBe(531);
        (await cloud.AsAdminAsync("probe", ("name", "n"), ("secret", "s"))).ShouldBe(200);
    }

    [Fact]
    public async Task The_query_string_wins_over_the_body_and_the_last_one_wins()
    {
        var sent = new Dictionary<string, string>
        {
            ["command"] = "probe",
            ["response"] = "json",
            ["apikey"] = cloud.Admin.ApiKey,
            ["name"] = "third",
            ["short"] = "body",
        };
        sent["signature"] = Management.Api.Signature.Of(sent, cloud.Admin.SecretKey);
        using var form = new FormUrlEncodedContent(sent.Select(p => p.Key == "name" ? KeyValuePair.Create("name", "first") : p));
        var reply = await Reply.OfAsync(await cloud.Browser.PostAsync(new Uri("/client/api?name=second&name=third", UriKind.Relative), form));
        reply.ShouldBe(200).Body["seen"]!.GetValue<string>().ShouldStartWith("third;body;");
    }

    [Fact]
    public async Task Text_survives_the_way_whatever_its_script() =>
        (await SeenAsync(("words", "ünï,日本,🙂,100%,a+b"))).ShouldContain("[ünï|日本|🙂|100%|a+b]");
}
