using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Management.Telemetry;
using Stratiform.Testing;

namespace Stratiform.Management.Tests.Api;

/// <summary>A server with its API on a port of its own and a database of its own, filled as an operator's first start fills it.</summary>
public sealed class TestCloud : IAsyncLifetime
{
    public const string Password = "correct horse";
    private readonly TestDatabase _database = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly CookieContainer _cookies = new();
    private IAsyncDisposable? _server;
    private HttpClient? _http;

    public TestClock Clock { get; } = new();
    public SqlCounter Sql { get; } = new();
    public LogKeeper Logs { get; } = new();
    public IServiceProvider Services { get; private set; } = null!;
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Keeps cookies as a browser does.</summary>
    public HttpClient Browser => _http!;

    internal FirstAdmin Admin { get; private set; } = null!;
    internal KeyPair AdminKeys => new(Admin.ApiKey, Admin.SecretKey);

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.AddCloud(
            new CloudOptions { Engine = new() { Owner = "test" }, Secrets = Secrets.Open(Path.Combine(_folder.FullName, "master.key")) },
            api => api.MoreCommands.Add(typeof(TestCloud).Assembly));
        // What the API enqueues stays where it is: these tests are about the API alone.
        builder.Services.RemoveAll<IHostedService>().AddHostedService<Announcements>();
        builder.Logging.ClearProviders().AddProvider(Logs);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton(new Passwords(rounds: 1));
        builder.Services.AddSingleton<ProbeTries>();
        builder.Services.AddDbContext<CloudDb>(options => options.UseNpgsql(_database.ConnectionString).AddInterceptors(Sql));
        var app = builder.Build();
        app.MapApi().MapTelemetry();
        (_server, Services) = (app, app.Services);
        await using (var scope = Services.CreateAsyncScope())
            Admin = (await scope.ServiceProvider.GetRequiredService<Bootstrap>().FillAsync(Password, CancellationToken.None))!;
        await app.StartAsync(CancellationToken.None);
        Address = new Uri(app.Urls.Single());
        _http = Client(_cookies);
    }

    public async Task DisposeAsync()
    {
        _http?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Another browser with cookies of its own.</summary>
    public HttpClient Client(CookieContainer cookies) =>
        new(new SocketsHttpHandler { CookieContainer = cookies, UseProxy = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>A part of the server.</summary>
    public T Service<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>What another server would announce.</summary>
    public async Task NotifyAsync(string channel, string payload)
    {
        await using var db = Open();
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({channel}, {payload})");
    }

    public CloudDb Open() => _database.Open();

    /// <summary>Calls as the first administrator.</summary>
    internal Task<Reply> AsAdminAsync(string command, params (string Name, string Value)[] parameters) => AsAsync(AdminKeys, command, parameters);

    /// <summary>Calls with a signature.</summary>
    internal async Task<Reply> AsAsync(KeyPair keys, string command, params (string Name, string Value)[] parameters)
    {
        var sent = new Dictionary<string, string> { ["command"] = command, ["response"] = "json", ["apiKey"] = keys.ApiKey };
        foreach (var (name, value) in parameters) sent[name] = value;
        sent["signature"] = Signature.Of(sent, keys.SecretKey);
        return await GetAsync(sent);
    }

    /// <summary>Calls with exactly these parameters.</summary>
    internal async Task<Reply> GetAsync(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var query = string.Join('&', parameters.Select(p => Uri.EscapeDataString(p.Key) + "=" + Uri.EscapeDataString(p.Value)));
        var reply = await Reply.OfAsync(await Browser.GetAsync(new Uri("/client/api?" + query, UriKind.Relative)));
        if (parameters.FirstOrDefault(p => p.Key == "command").Value is { } command) CalledCommands.Note(command, reply.Status);
        return reply;
    }

    /// <summary>Calls with exactly these parameters in a form.</summary>
    internal async Task<Reply> PostAsync(params (string Name, string Value)[] parameters)
    {
        using var form = new FormUrlEncodedContent(parameters.Select(p => KeyValuePair.Create(p.Name, p.Value)));
        var reply = await Reply.OfAsync(await Browser.PostAsync(new Uri("/client/api", UriKind.Relative), form));
        if (parameters.FirstOrDefault(p => p.Name == "command").Value is { } command) CalledCommands.Note(command, reply.Status);
        return reply;
    }

    /// <summary>A domain with an account and a user of its own, with keys.</summary>
    internal async Task<Tenant> TenantAsync(string name, AllowedTo role = AllowedTo.User, Domain? parent = null, Domain? domain = null)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
        if (domain is null)
        {
            parent ??= await db.Set<Domain>().AsNoTracking().SingleAsync(d => d.Path == "/");
            domain = new Domain(name, parent, Clock.GetUtcNow());
            db.Add(domain);
        }
        var account = new Account(name, domain, role, Clock.GetUtcNow());
        var user = new User(name, account, Clock.GetUtcNow())
        {
            PasswordHash = scope.ServiceProvider.GetRequiredService<Passwords>().Hash(Password),
        };
        var keys = scope.ServiceProvider.GetRequiredService<ApiKeys>().Register(user);
        db.AddRange(account, user);
        await db.SaveChangesAsync();
        return new(domain, account, user, keys);
    }
}

internal sealed record Tenant(Domain Domain, Account Account, User User, KeyPair Keys);

/// <summary>An answer of the API, taken apart.</summary>
internal sealed record Reply(int Status, string Text, string ContentType, string? Description, IReadOnlyList<string> Cookies)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();
    public string Envelope => Json.Single().Key;
    public JsonObject Body => Json.Single().Value!.AsObject();
    public string? ErrorText => Body["errortext"]?.GetValue<string>();

    public static async Task<Reply> OfAsync(HttpResponseMessage response)
    {
        using var _ = response;
        return new(
            (int)response.StatusCode,
            Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()),
            response.Content.Headers.ContentType?.ToString() ?? "",
            response.Headers.TryGetValues("X-Description", out var texts) ? texts.Single() : null,
            response.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : []);
    }

    public Reply ShouldBe(int status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }
}
