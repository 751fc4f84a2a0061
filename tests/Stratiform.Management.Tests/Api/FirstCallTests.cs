namespace Stratiform.Management.Tests.Api;

public sealed class FirstCallTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    [Theory]
    [InlineData("listApis", "api")]
    [InlineData("listUsers", "user")]
    [InlineData("listAccounts", "account")]
    [InlineData("listDomains", "domain")]
    public async Task The_first_administrator_lists(string command, string name)
    {
        var reply = (await cloud.AsAdminAsync(command)).ShouldBe(200);

        reply.Envelope.ShouldBe(command.ToLowerInvariant() + "response");
        reply.Body["count"]!.GetValue<int>().ShouldBeGreaterThan(0);
        reply.Body[name]!.AsArray().Count.ShouldBe(reply.Body["count"]!.GetValue<int>());
        reply.ContentType.ShouldStartWith("application/json");
    }

    [Fact]
    public async Task Capabilities_are_one_object_with_the_version_of_the_wire()
    {
        var reply = (await cloud.AsAdminAsync("listCapabilities")).ShouldBe(200);
        reply.Body["capability"]!["cloudstackversion"]!.GetValue<string>().ShouldBe("4.22.0.0");
        reply.Body["capability"]!["supportELB"]!.GetValue<string>().ShouldBe("false");
    }

    [Fact]
    public async Task An_empty_list_has_neither_count_nor_array()
    {
        (await cloud.AsAdminAsync("listAsyncJobs")).ShouldBe(200).Text.ShouldBe("{\"listasyncjobsresponse\":{}}");
    }

    [Fact]
    public async Task A_page_beyond_the_end_has_the_count_alone()
    {
        (await cloud.AsAdminAsync("listUsers", ("page", "9"), ("pagesize", "10"))).ShouldBe(200)
            .Body.ToJsonString().ShouldBe("{\"count\":1}");
    }

    [Fact]
    public async Task A_query_in_a_form_is_answered_the_same()
    {
        var parameters = new Dictionary<string, string> { ["command"] = "listUsers", ["response"] = "json", ["apikey"] = cloud.Admin.ApiKey };
        var signature = Management.Api.Signature.Of(parameters, cloud.Admin.SecretKey);
        var reply = await cloud.PostAsync([.. parameters.Select(p => (p.Key, p.Value)), ("signature", signature)]);
        reply.ShouldBe(200).Body["user"]!.AsArray().Single()!["username"]!.GetValue<string>().ShouldBe("admin");
    }

    [Fact]
    public async Task A_session_opens_serves_and_ends()
    {
        var login = (await cloud.PostAsync(
            ("command", "login"), ("username", "admin"), ("password", TestCloud.Password), ("response", "json"))).ShouldBe(200);
        login.Envelope.ShouldBe("loginresponse");
        login.Body["type"]!.GetValue<string>().ShouldBe("1");
        login.Body["timeout"]!.GetValue<int>().ShouldBe(1800);
        var key = login.Body["sessionkey"]!.GetValue<string>();

        KeyValuePair<string, string>[] list = [new("command", "listUsers"), new("response", "json"), new("sessionkey", key)];
        (await cloud.GetAsync(list)).ShouldBe(200);
        (await cloud.GetAsync([new("command", "logout"), new("response", "json")])).ShouldBe(200)
            .Body["description"]!.GetValue<string>().ShouldBe("success");
        (await cloud.GetAsync(list)).ShouldBe(401);
    }

    [Fact]
    public async Task Keys_are_drawn_anew_and_the_old_ones_are_void()
    {
        var tenant = await cloud.TenantAsync("renews");
        var drawn = (await cloud.AsAsync(tenant.Keys, "registerUserKeys", ("id", tenant.User.Id.ToString()))).ShouldBe(200).Body["userkeys"]!;
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(401);
        var keys = new Management.Accounts.KeyPair(drawn["apikey"]!.GetValue<string>(), drawn["secretkey"]!.GetValue<string>());
        (await cloud.AsAsync(keys, "listUsers")).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Apis_are_listed_with_what_clients_read_of_them()
    {
        var reply = (await cloud.AsAdminAsync("listApis", ("name", "listUsers"))).ShouldBe(200);
        reply.Text.ShouldNotContain("\n");
        var api = reply.Body["api"]!.AsArray().Single()!.AsObject();
        api["isasync"]!.GetValue<bool>().ShouldBeFalse();
        var id = api["params"]!.AsArray().Single(p => p!["name"]!.GetValue<string>() == "id")!.AsObject();
        id["type"]!.GetValue<string>().ShouldBe("uuid");
        id["related"]!.GetValue<string>().ShouldContain("listUsers");
        api["response"]!.AsArray().Select(f => f!["name"]!.GetValue<string>()).ShouldContain("username");
    }
}
