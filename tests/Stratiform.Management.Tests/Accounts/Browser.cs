using System.Net;
using Stratiform.Management.Tests.Api;

namespace Stratiform.Management.Tests.Accounts;

/// <summary>A session of a user.</summary>
internal sealed record Browser(HttpClient Http, string Key) : IDisposable
{
    public static async Task<Browser> OpenAsync(TestCloud cloud, string user, string password, string domain)
    {
        var cookies = new CookieContainer();
        var key = (await LoginAsync(cloud, cookies, user, password, domain)).ShouldBe(200).Body["sessionkey"]!.GetValue<string>();
        return new(cloud.Client(cookies), key);
    }

    public static async Task<Reply> LoginAsync(TestCloud cloud, CookieContainer cookies, string user, string password, string domain)
    {
        using var http = cloud.Client(cookies);
        using var form = new FormUrlEncodedContent(
            [new("command", "login"), new("username", user), new("password", password), new("domain", domain), new("response", "json")]);
        return await Reply.OfAsync(await http.PostAsync(new Uri("/client/api", UriKind.Relative), form));
    }

    public Task<Reply> CallAsync() => CallAsync("listUsers");

    public async Task<Reply> CallAsync(string command, params (string Name, string Value)[] parameters)
    {
        var query = string.Concat(parameters.Select(p => $"&{p.Name}={Uri.EscapeDataString(p.Value)}"));
        return await Reply.OfAsync(await Http.GetAsync(new Uri($"/client/api?response=json&command={command}&sessionkey={Uri.EscapeDataString(Key)}{query}", UriKind.Relative)));
    }

    public void Dispose() => Http.Dispose();
}
