using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Tests.Api;

namespace Stratiform.Management.Tests.Accounts;

public sealed class SessionTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private sealed record Visitor(HttpClient Http, CookieContainer Cookies, string Key)
    {
        public async Task<Reply> CallAsync(string command, string? key) => await Reply.OfAsync(await Http.GetAsync(
            new Uri($"/client/api?response=json&command={command}" + (key is null ? "" : "&sessionkey=" + key), UriKind.Relative)));
    }

    private async Task<(Reply Reply, Visitor Visitor)> LoginAsync(string user, string password, params (string Name, string Value)[] more)
    {
        var cookies = new CookieContainer();
        var http = cloud.Client(cookies);
        (string Name, string Value)[] sent = [("command", "login"), ("username", user), ("password", password), ("response", "json"), .. more];
        using var form = new FormUrlEncodedContent(sent.Select(p => KeyValuePair.Create(p.Name, p.Value)));
        var reply = await Reply.OfAsync(await http.PostAsync(new Uri("/client/api", UriKind.Relative), form));
        return (reply, new(http, cookies, reply.Body["sessionkey"]?.GetValue<string>() ?? ""));
    }

    [Fact]
    public async Task A_login_sets_both_cookies_out_of_reach_of_scripts()
    {
        var (reply, _) = await LoginAsync("admin", TestCloud.Password);
        reply.ShouldBe(200);
        reply.Cookies.ShouldContain(c => c.StartsWith("JSESSIONID=", StringComparison.Ordinal) && c.Contains("path=/client") && c.Contains("httponly"));
        reply.Cookies.ShouldContain(c => c.StartsWith("sessionkey=", StringComparison.Ordinal) && c.Contains("samesite=lax") && c.Contains("httponly"));
        reply.Body["registered"]!.GetValue<string>().ShouldBe("false");
        reply.Body["is2faverified"]!.GetValue<string>().ShouldBe("true");
    }

    [Fact]
    public async Task A_password_is_not_taken_by_get()
    {
        var reply = await cloud.GetAsync([new("command", "login"), new("username", "admin"), new("password", TestCloud.Password), new("response", "json")]);
        reply.ShouldBe(405).ErrorText.ShouldBe("Please use HTTP POST to authenticate using this API");
        reply.Envelope.ShouldBe("loginresponse");
    }

    [Fact]
    public async Task A_domain_is_found_by_path_or_by_id()
    {
        var tenant = await cloud.TenantAsync("paths");
        (await LoginAsync("paths", TestCloud.Password)).Reply.ShouldBe(531);
        (await LoginAsync("paths", TestCloud.Password, ("domain", "paths"))).Reply.ShouldBe(200);
        (await LoginAsync("paths", TestCloud.Password, ("domain", "/paths/"))).Reply.ShouldBe(200);
        (await LoginAsync("paths", TestCloud.Password, ("domain", "x"), ("domainId", tenant.Domain.Id.ToString()))).Reply.ShouldBe(200)
            .Body["type"]!.GetValue<string>().ShouldBe("0");
    }

    [Fact]
    public async Task A_wrong_password_and_a_wrong_name_look_the_same()
    {
        await cloud.TenantAsync("likely");
        (await LoginAsync("likely", "wrong", ("domain", "likely"))).Reply.ShouldBe(531).ErrorText
            .ShouldBe("Failed to authenticate user likely in domain /likely/; please provide valid credentials");
        (await LoginAsync("unlikely", "wrong", ("domain", "likely"))).Reply.ShouldBe(531).Text
            .ShouldBe("{\"loginresponse\":{\"uuidList\":[],\"errorcode\":531,\"errortext\":\"Failed to authenticate user unlikely in domain /likely/; please provide valid credentials\"}}");
    }

    [Fact]
    public async Task Five_wrong_passwords_disable_the_user()
    {
        var tenant = await cloud.TenantAsync("forgetful");
        for (var i = 0; i < 4; i++) (await LoginAsync("forgetful", "wrong", ("domain", "forgetful"))).Reply.ShouldBe(531);
        (await LoginAsync("forgetful", TestCloud.Password, ("domain", "forgetful"))).Reply.ShouldBe(200);
        for (var i = 0; i < 5; i++) (await LoginAsync("forgetful", "wrong", ("domain", "forgetful"))).Reply.ShouldBe(531);
        (await LoginAsync("forgetful", TestCloud.Password, ("domain", "forgetful"))).Reply.ShouldBe(531);
        await using var db = cloud.Open();
        (await db.Set<User>().SingleAsync(u => u.Id == tenant.User.Id)).State.ShouldBe(AccountState.Disabled);
    }

    [Fact]
    public async Task Guessing_in_parallel_is_counted_too()
    {
        var tenant = await cloud.TenantAsync("besieged");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => LoginAsync("besieged", $"guess{i}", ("domain", "besieged"))));
        await using var db = cloud.Open();
        (await db.Set<User>().SingleAsync(u => u.Id == tenant.User.Id)).FailedLogins.ShouldBe(8);
    }

    [Fact]
    public async Task The_key_must_stand_in_cookie_and_parameter()
    {
        var (_, visitor) = await LoginAsync("admin", TestCloud.Password);
        (await visitor.CallAsync("listUsers", visitor.Key)).ShouldBe(200);
        (await visitor.CallAsync("listUsers", null)).ShouldBe(401).ErrorText.ShouldBe("unable to verify user credentials");
        (await visitor.CallAsync("listUsers", visitor.Key)).ShouldBe(401);
    }

    [Fact]
    public async Task A_wrong_key_ends_the_session()
    {
        var (_, visitor) = await LoginAsync("admin", TestCloud.Password);
        (await visitor.CallAsync("listUsers", "wrong")).ShouldBe(401);
        (await visitor.CallAsync("listUsers", visitor.Key)).ShouldBe(401);
    }

    [Fact]
    public async Task A_cookie_with_another_key_ends_the_session()
    {
        var (_, visitor) = await LoginAsync("admin", TestCloud.Password);
        visitor.Cookies.Add(new Uri(cloud.Address, "/client/api"), new Cookie("sessionkey", "other", "/"));
        (await visitor.CallAsync("listUsers", visitor.Key)).ShouldBe(401);
    }

    [Fact]
    public async Task A_session_ends_after_its_time_and_is_prolonged_by_calls()
    {
        var (_, visitor) = await LoginAsync("admin", TestCloud.Password);
        for (var i = 0; i < 3; i++)
        {
            cloud.Clock.Advance(TimeSpan.FromMinutes(20));
            (await visitor.CallAsync("listUsers", visitor.Key)).ShouldBe(200);
        }
        cloud.Clock.Advance(TimeSpan.FromMinutes(31));
        (await visitor.CallAsync("listUsers", visitor.Key)).ShouldBe(401);
    }

    [Fact]
    public async Task A_session_gets_432_for_what_does_not_exist_for_it()
    {
        await cloud.TenantAsync("modest");
        var (_, visitor) = await LoginAsync("modest", TestCloud.Password, ("domain", "modest"));
        var unknown = (await visitor.CallAsync("nonsense", visitor.Key)).ShouldBe(432);
        unknown.Envelope.ShouldBe("errorresponse");
        unknown.ErrorText.ShouldBe("The API [nonsense] does not exist or is not available for the account modest.");
        (await visitor.CallAsync("updateConfiguration", visitor.Key)).ShouldBe(432).Envelope.ShouldBe("errorresponse");
    }

    [Fact]
    public async Task The_database_holds_no_token()
    {
        var (reply, visitor) = await LoginAsync("admin", TestCloud.Password);
        await using var db = cloud.Open();
        var session = await db.Set<Session>().SingleAsync(s => s.KeyHash == Session.HashOf(visitor.Key));
        session.TokenHash.Length.ShouldBe(32);
        reply.Cookies[0].ShouldNotContain(Convert.ToHexString(session.TokenHash));
    }

    [Fact]
    public async Task A_stale_cookie_does_not_hinder_a_login()
    {
        var (_, visitor) = await LoginAsync("admin", TestCloud.Password);
        using var form = new FormUrlEncodedContent([
            new("command", "login"), new("username", "admin"), new("password", TestCloud.Password), new("response", "json")]);
        visitor.Cookies.Add(new Uri(cloud.Address, "/client/api"), new Cookie("JSESSIONID", "stale", "/client"));
        (await Reply.OfAsync(await visitor.Http.PostAsync(new Uri("/client/api", UriKind.Relative), form))).ShouldBe(200);
    }
}
