using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;

namespace Stratiform.Management.Tests.Api;

public sealed class CredentialTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private const string Wrong = "unable to verify user credentials and/or request signature";

    [Fact]
    public async Task Without_credentials_a_command_is_refused_under_its_own_envelope()
    {
        var reply = (await cloud.GetAsync([new("command", "listUsers"), new("response", "json")])).ShouldBe(401);
        reply.Envelope.ShouldBe("listusersresponse");
        reply.Text.ShouldBe($"{{\"listusersresponse\":{{\"uuidList\":[],\"errorcode\":401,\"errortext\":\"{Wrong}\"}}}}");
    }

    [Fact]
    public async Task An_unknown_command_is_refused_by_key_with_401_under_errorresponse()
    {
        var reply = (await cloud.AsAdminAsync("listusers")).ShouldBe(401);
        reply.Envelope.ShouldBe("errorresponse");
        reply.ErrorText.ShouldBe(Wrong);
        (await cloud.GetAsync([new("command", "nonsense"), new("response", "json")])).ShouldBe(401).Envelope.ShouldBe("errorresponse");
    }

    [Fact]
    public async Task No_command_is_432() =>
        (await cloud.GetAsync([new("response", "json")])).ShouldBe(432).Envelope.ShouldBe("errorresponse");

    [Fact]
    public async Task An_unknown_key_and_a_wrong_secret_look_the_same()
    {
        var unknown = await cloud.AsAsync(new KeyPair("nobody", "x"), "listUsers");
        var wrong = await cloud.AsAsync(new KeyPair(cloud.Admin.ApiKey, "x"), "listUsers");
        unknown.ShouldBe(401);
        wrong.Text.ShouldBe(unknown.Text);
    }

    [Fact]
    public async Task Signing_one_request_signs_no_other()
    {
        var sent = new Dictionary<string, string> { ["command"] = "listUsers", ["response"] = "json", ["apikey"] = cloud.Admin.ApiKey };
        sent["signature"] = Signature.Of(sent, cloud.Admin.SecretKey);
        (await cloud.GetAsync(sent)).ShouldBe(200);
        sent["listall"] = "true";
        (await cloud.GetAsync(sent)).ShouldBe(401);
    }

    [Fact]
    public async Task A_signature_of_version_3_ends_when_it_says()
    {
        (string, string)[] Until(TimeSpan from) =>
            [("signatureVersion", "3"), ("expires", WireDate.Write(cloud.Clock.GetUtcNow() + from))];
        (await cloud.AsAdminAsync("listUsers", Until(TimeSpan.FromMinutes(1)))).ShouldBe(200);
        (await cloud.AsAdminAsync("listUsers", Until(TimeSpan.FromSeconds(-1)))).ShouldBe(401);
        (await cloud.AsAdminAsync("listUsers", ("signatureVersion", "3"))).ShouldBe(401);
        (await cloud.AsAdminAsync("listUsers", ("signatureVersion", "3"), ("expires", "soon"))).ShouldBe(401);
    }

    [Fact]
    public async Task A_disabled_user_is_refused()
    {
        var tenant = await cloud.TenantAsync("gone");
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(200);
        await using (var db = cloud.Open())
            await db.Set<User>().Where(u => u.Id == tenant.User.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.State, AccountState.Disabled));
        (await cloud.AsAsync(tenant.Keys, "listUsers")).ShouldBe(401);
    }

    [Fact]
    public async Task When_enforced_changes_go_by_post_and_signatures_expire_soon()
    {
        await cloud.AsAdminAsync("updateConfiguration", ("name", "enforce.post.requests.and.timestamps"), ("value", "true"));
        try
        {
            (string, string)[] until15 = [("signatureVersion", "3"), ("expires", WireDate.Write(cloud.Clock.GetUtcNow().AddMinutes(14)))];
            (string, string)[] until20 = [("signatureVersion", "3"), ("expires", WireDate.Write(cloud.Clock.GetUtcNow().AddMinutes(20)))];
            (await cloud.AsAdminAsync("listUsers")).ShouldBe(401);
            (await cloud.AsAdminAsync("listUsers", until20)).ShouldBe(401);
            (await cloud.AsAdminAsync("listUsers", until15)).ShouldBe(200);
            (await cloud.AsAdminAsync("probeFailure", [("how", "none"), .. until15])).ShouldBe(400).ErrorText
                .ShouldBe("State changing command probeFailure needs to be sent using POST request");
            var sent = new Dictionary<string, string>
            {
                ["command"] = "resetConfiguration",
                ["name"] = "enforce.post.requests.and.timestamps",
                ["response"] = "json",
                ["apikey"] = cloud.Admin.ApiKey,
                ["signatureversion"] = "3",
                ["expires"] = WireDate.Write(cloud.Clock.GetUtcNow().AddMinutes(1)),
            };
            (await cloud.PostAsync([.. sent.Select(p => (p.Key, p.Value)), ("signature", Signature.Of(sent, cloud.Admin.SecretKey))])).ShouldBe(200);
        }
        finally
        {
            await using var db = cloud.Open();
            await db.Set<Management.Settings.SettingValue>().ExecuteDeleteAsync();
        }
        (await cloud.AsAdminAsync("probeFailure", ("how", "none"))).ShouldBe(200);
    }
}
