using Stratiform.Management.Settings;
using Stratiform.Management.Tests.Api;

namespace Stratiform.Management.Tests.Settings;

public sealed class SettingTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private static readonly SettingCatalog _catalog = new(typeof(SettingCatalog).Assembly);

    [Fact]
    public void Every_setting_is_documented_named_once_and_has_a_default_that_it_accepts()
    {
        _catalog.Settings.Select(s => s.Name).ShouldBeUnique();
        foreach (var setting in _catalog.Settings)
        {
            setting.Name.ShouldMatch("^[a-z0-9.]+$");
            setting.Description.Length.ShouldBeGreaterThan(10, setting.Name);
            setting.TryRead(setting.DefaultText, out _, out var why).ShouldBeTrue(why);
        }
    }

    [Fact]
    public async Task Settings_are_listed_with_what_the_console_needs()
    {
        var row = (await cloud.AsAdminAsync("listConfigurations", ("name", "default.page.size"))).ShouldBe(200).Body["configuration"]!.AsArray().Single()!;
        row["value"]!.GetValue<string>().ShouldBe("500");
        row["defaultvalue"]!.GetValue<string>().ShouldBe("500");
        row["type"]!.GetValue<string>().ShouldBe("Number");
        row["isdynamic"]!.GetValue<bool>().ShouldBeTrue();
        (await cloud.AsAdminAsync("listConfigurations", ("keyword", "SESSION"))).Body["count"]!.GetValue<int>().ShouldBe(3);
        (await cloud.AsAdminAsync("listConfigurationGroups")).ShouldBe(200).Body["configurationgroup"]!.AsArray()
            .Select(g => g!["name"]!.GetValue<string>()).ShouldContain("Access");
    }

    [Fact]
    public async Task A_change_holds_at_once_and_a_reset_takes_it_back()
    {
        (await cloud.AsAdminAsync("updateConfiguration", ("name", "default.page.size"), ("value", "7"))).ShouldBe(200)
            .Body["configuration"]!["value"]!.GetValue<string>().ShouldBe("7");
        (await cloud.AsAdminAsync("listUsers", ("page", "1"), ("pagesize", "8"))).ShouldBe(431).ErrorText!.ShouldEndWith("value: 7");
        (await cloud.AsAdminAsync("resetConfiguration", ("name", "default.page.size"))).ShouldBe(200)
            .Body["configuration"]!["value"]!.GetValue<string>().ShouldBe("500");
        (await cloud.AsAdminAsync("listUsers", ("page", "1"), ("pagesize", "8"))).ShouldBe(200);
    }

    [Theory]
    [InlineData("default.page.size", "0", "default.page.size is between 1 and 10000.")]
    [InlineData("default.page.size", "many", "default.page.size is of type Number, which 'many' is not.")]
    [InlineData("enforce.post.requests.and.timestamps", "perhaps", "enforce.post.requests.and.timestamps is of type Boolean, which 'perhaps' is not.")]
    [InlineData("no.such.setting", "1", "Config parameter with name no.such.setting doesn't exist")]
    public async Task A_value_out_of_bounds_is_refused_with_the_bounds(string name, string value, string text) =>
        (await cloud.AsAdminAsync("updateConfiguration", ("name", name), ("value", value))).ShouldBe(431).ErrorText.ShouldBe(text);

    [Fact]
    public async Task A_change_is_recorded()
    {
        await cloud.AsAdminAsync("updateConfiguration", ("name", "default.ui.page.size"), ("value", "50"));
        var happened = (await cloud.AsAdminAsync("listEvents", ("type", "CONFIGURATION.VALUE.EDIT"))).ShouldBe(200).Body["event"]![0]!;
        happened["description"]!.GetValue<string>().ShouldBe("Setting default.ui.page.size is now '50'");
        happened["username"]!.GetValue<string>().ShouldBe("admin");
        happened["level"]!.GetValue<string>().ShouldBe("INFO");
        happened["state"]!.GetValue<string>().ShouldBe("Completed");
    }

    [Fact]
    public async Task What_another_server_changes_is_heard_within_moments()
    {
        await using (var db = cloud.Open())
        {
            var row = new SettingValue("incorrect.login.attempts.allowed");
            row.Change("3", cloud.Clock.GetUtcNow());
            db.Add(row);
            await db.SaveChangesAsync();
        }
        var live = cloud.Service<LiveSettings>();
        await cloud.NotifyAsync(Announcements.Channel, "settings");
        for (var i = 0; i < 1000 && live.Get(ApiSettings.LoginAttempts) != 3; i++) await Task.Delay(100);
        live.Get(ApiSettings.LoginAttempts).ShouldBe(3);
    }

    [Fact]
    public async Task The_port_without_proof_opens_and_closes_with_its_setting()
    {
        var port = FreePort();
        var root = new Uri($"http://127.0.0.1:{port}/any/path?command=listUsers&response=json&listall=true");
        await cloud.AsAdminAsync("updateConfiguration", ("name", "integration.api.port"), ("value", $"{port}"));
        Reply reply = await EventuallyAsync(async () => await Reply.OfAsync(await cloud.Browser.GetAsync(root)));
        reply.ShouldBe(200).Body["user"]!.AsArray().Count.ShouldBeGreaterThan(0);
        (await Reply.OfAsync(await cloud.Browser.GetAsync(new Uri(root, "?command=nonsense&response=json")))).ShouldBe(432);
        using (var lured = new HttpRequestMessage(HttpMethod.Get, root))
        {
            lured.Headers.Host = "evil.example";
            (await cloud.Browser.SendAsync(lured)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        }
        (await cloud.GetAsync([new("command", "listUsers"), new("response", "json")])).ShouldBe(401);

        await cloud.AsAdminAsync("resetConfiguration", ("name", "integration.api.port"));
        await EventuallyAsync(async () =>
        {
            using var client = cloud.Client(new());
            await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(root));
            return true;
        });
    }

    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> attempt)
    {
        for (var left = 1000; ; left--)
        {
            try
            {
                return await attempt();
            }
            catch (Exception) when (left > 0)
            {
                await Task.Delay(100);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
