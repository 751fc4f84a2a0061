using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.SystemVms;
using Stratiform.Management.Telemetry;
using Stratiform.Management.Tests.Api;
using Stratiform.Protocol;
using Stratiform.Simulator;
using Stratiform.Testing;

namespace Stratiform.Management.Tests.Simulated;

/// <summary>
/// A whole server before ten simulated hosts: engine, reconcilers and watch as in production, the zone filled through the
/// API as an operator fills it. One for each test class.
/// </summary>
public sealed class SimulatedCloudServer : IAsyncLifetime
{
    internal const int Hosts = 10;
    private const int OtherHosts = 2;
    private readonly TestDatabase _database = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("sim-").FullName;
    private WebApplication? _app;
    private HttpClient? _http;
    private KeyPair _admin = new("", "");

    /// <summary>The hosts, for tests that look at or break them.</summary>
    public SimulatedCloud Simulator { get; private set; } = null!;

    public LogKeeper Logs { get; } = new();

    /// <summary>Where its API listens.</summary>
    public Uri Address => _http!.BaseAddress!;

    public string Zone { get; private set; } = "";
    public string Template { get; private set; } = "";

    /// <summary>One processor of 500 MHz, 512 MiB.</summary>
    public string Small { get; private set; } = "";

    public string NetworkOffering { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        var listen = "unix:" + Path.Combine(_folder, "hosts.sock");
        Simulator = await SimulatedCloud.StartAsync(new() { Hosts = Hosts + OtherHosts, Listen = listen }, TimeProvider.System, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.AddCloud(new CloudOptions
        {
            Engine = new()
            {
                Owner = "test/" + Id.New<SimulatedCloudServer>(),
                Slots = 8,
                LongestPause = TimeSpan.FromSeconds(0.25),
                LongestInterval = TimeSpan.FromSeconds(2),
            },
            Secrets = new Secrets(new byte[32]),
            Simulator = new Uri(listen),
        });
        builder.Logging.ClearProviders().AddProvider(Logs);
        builder.Services.AddSingleton(new Passwords(rounds: 1));
        builder.Services.AddSingleton<Random>(new LowerHalf());
        builder.Services.AddDbContext<CloudDb>(options => options.UseNpgsql(_database.ConnectionString));
        _app = builder.Build();
        _app.MapApi().MapDiagnostics().MapTelemetry();
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            await OsTypes.FillAsync(scope.ServiceProvider.GetRequiredService<CloudDb>(), CancellationToken.None);
            var first = await scope.ServiceProvider.GetRequiredService<Bootstrap>().FillAsync("secret", CancellationToken.None);
            _admin = new(first!.ApiKey, first.SecretKey);
        }
        await _app.StartAsync(CancellationToken.None);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_app.Urls.Single()) };
        await FillAsync();
    }

    public async Task DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }
        if (Simulator is not null) await Simulator.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public CloudDb Open() => _database.Open();

    /// <summary>A part of the server.</summary>
    public T Service<T>() where T : notnull => _app!.Services.GetRequiredService<T>();

    /// <summary>What a collector reads.</summary>
    internal Task<string> MetricsAsync() => _http!.GetStringAsync(new Uri("/metrics", UriKind.Relative), CancellationToken.None);

    /// <summary>Calls as the first administrator.</summary>
    internal Task<Reply> CallAsync(string command, params (string Name, string Value)[] parameters) => AsAsync(_admin, command, parameters);

    /// <summary>Calls with a signature.</summary>
    internal async Task<Reply> AsAsync(KeyPair keys, string command, params (string Name, string Value)[] parameters)
    {
        var sent = new Dictionary<string, string> { ["command"] = command, ["response"] = "json", ["apiKey"] = keys.ApiKey };
        foreach (var (name, value) in parameters) sent[name] = value;
        sent["signature"] = Signature.Of(sent, keys.SecretKey);
        using var form = new FormUrlEncodedContent(sent);
        var reply = await Reply.OfAsync(await _http!.PostAsync(new Uri("/client/api", UriKind.Relative), form, CancellationToken.None));
        CalledCommands.Note(command, reply.Status);
        return reply;
    }

    /// <summary>Calls, and answers with the shape of that name.</summary>
    internal async Task<JsonObject> ShapeAsync(string name, string command, params (string Name, string Value)[] parameters) =>
        (await CallAsync(command, parameters)).ShouldBe(200).Body[name] switch
        {
            JsonObject one => one,
            JsonArray { Count: 1 } list => list[0]!.AsObject(),
            var other => throw new InvalidOperationException($"{command} answered with no single {name}: {other}"),
        };

    /// <summary>Calls an asynchronous command and waits for its job: the job's own answer.</summary>
    internal Task<JsonObject> JobAsync(string command, params (string Name, string Value)[] parameters) => JobAsAsync(_admin, command, parameters);

    /// <summary>As the other one, as somebody else.</summary>
    internal async Task<JsonObject> JobAsAsync(KeyPair keys, string command, params (string Name, string Value)[] parameters)
    {
        var reply = (await AsAsync(keys, command, parameters)).ShouldBe(200);
        var job = reply.Body["jobid"]!.GetValue<string>();
        for (var i = 0; i < 12000; i++)
        {
            var body = (await AsAsync(keys, "queryAsyncJobResult", ("jobid", job))).ShouldBe(200).Body;
            if (body["jobstatus"]!.GetValue<int>() != 0) return body;
            await Task.Delay(25, CancellationToken.None);
        }
        throw new TimeoutException($"{command} does not end: {(await CallAsync("listWorkflows")).Text}");
    }

    /// <summary>As <see cref="JobAsync"/>, for jobs that must succeed: the shape they end with.</summary>
    internal async Task<JsonObject> DoneAsync(string shape, string command, params (string Name, string Value)[] parameters)
    {
        var job = await JobAsync(command, parameters);
        job["jobstatus"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());
        return job["jobresult"]![shape]!.AsObject();
    }

    /// <summary>A network of the administrator's.</summary>
    internal async Task<string> NetworkAsync(string name, params (string Name, string Value)[] more) => (await ShapeAsync(
        "network", "createNetwork", [("name", name), ("displaytext", name), ("zoneid", Zone), ("networkofferingid", NetworkOffering), .. more]))["id"]!.GetValue<string>();

    /// <summary>A virtual machine of the administrator's, as its deployment's job shows it.</summary>
    internal Task<JsonObject> DeployAsync(string network, string name, params (string Name, string Value)[] more) => DoneAsync(
        "virtualmachine", "deployVirtualMachine",
        [("zoneid", Zone), ("templateid", Template), ("serviceofferingid", Small), ("networkids", network), ("name", name), .. more]);

    /// <summary>A domain with an account and a user of its own, with keys.</summary>
    internal async Task<Tenant> TenantAsync(string name, AllowedTo role = AllowedTo.User)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
        var domain = new Domain(name, await db.Set<Domain>().SingleAsync(d => d.Path == "/", CancellationToken.None), TimeProvider.System.GetUtcNow());
        var account = new Account(name, domain, role, TimeProvider.System.GetUtcNow());
        var user = new User(name, account, TimeProvider.System.GetUtcNow());
        var keys = scope.ServiceProvider.GetRequiredService<ApiKeys>().Register(user);
        db.AddRange(domain, account, user);
        await db.SaveChangesAsync(CancellationToken.None);
        return new(domain, account, user, keys);
    }

    /// <summary>Nothing is left behind, and nothing is under way.</summary>
    internal async Task ShouldBeCleanAsync()
    {
        JsonObject audit = [];
        for (var i = 0; i < 200; i++)
        {
            audit = (await CallAsync("auditCloud")).ShouldBe(200).Body["audit"]!.AsObject();
            if (audit["inprogress"] is not JsonArray { Count: > 0 }) break;
            await Task.Delay(250, CancellationToken.None);
        }
        (audit["leaks"]?.AsArray() ?? []).ShouldBeEmpty();
        (audit["unreadable"]?.AsArray() ?? []).ShouldBeEmpty();
    }

    private async Task FillAsync()
    {
        Zone = await MadeAsync("zone", "createZone", ("name", "zone"), ("networktype", "Advanced"), ("dns1", "9.9.9.9"), ("internaldns1", "9.9.9.9"));
        var wires = await MadeAsync("physicalnetwork", "createPhysicalNetwork", ("zoneid", Zone), ("name", "wires"), ("vlan", "100-4000"));
        foreach (var traffic in new[] { "Management", "Guest", "Public" })
            (await CallAsync("addTrafficType", ("physicalnetworkid", wires), ("traffictype", traffic))).ShouldBe(200);
        (await CallAsync("updatePhysicalNetwork", ("id", wires), ("state", "Enabled"))).ShouldBe(200);
        (await CallAsync("createVlanIpRange", ("zoneid", Zone), ("physicalnetworkid", wires), ("forvirtualnetwork", "true"), ("vlan", "untagged"),
            ("gateway", "203.0.113.1"), ("netmask", "255.255.255.0"), ("startip", "203.0.113.10"), ("endip", "203.0.113.60"))).ShouldBe(200);
        var pod = await MadeAsync("pod", "createPod", ("zoneid", Zone), ("name", "pod"), ("gateway", "10.0.0.1"), ("netmask", "255.255.255.0"), ("startip", "10.0.0.10"), ("endip", "10.0.0.99"));
        var cluster = await MadeAsync("cluster", "addCluster", ("zoneid", Zone), ("podid", pod), ("clustername", "cluster"), ("clustertype", "CloudManaged"), ("hypervisor", "Simulator"));
        for (var i = 1; i <= Hosts; i++)
        {
            await MadeAsync("host", "addHost", ("zoneid", Zone), ("podid", pod), ("clusterid", cluster), ("hypervisor", "Simulator"),
                ("url", string.Create(CultureInfo.InvariantCulture, $"http://sim/{i}")));
        }
        await MadeAsync("storagepool", "createStoragePool", ("zoneid", Zone), ("podid", pod), ("clusterid", cluster), ("scope", "cluster"), ("name", "pool"), ("url", "SharedMountPoint://localhost/pool"));
        (await CallAsync("updateZone", ("id", Zone), ("allocationstate", "Enabled"))).ShouldBe(200);
        Small = await MadeAsync("serviceoffering", "createServiceOffering", ("name", "small"), ("displaytext", "small"), ("cpunumber", "1"), ("cpuspeed", "500"), ("memory", "512"));
        NetworkOffering = await MadeAsync("networkoffering", "createNetworkOffering", ("name", "isolated"), ("displaytext", "isolated"), ("traffictype", "Guest"), ("guestiptype", "Isolated"));
        (await CallAsync("updateNetworkOffering", ("id", NetworkOffering), ("state", "Enabled"))).ShouldBe(200);
        Template = await RegisterAsync("tiny", "http://images/tiny.qcow2");
        // It is on a pool before a test adds a store, else it would go there.
        for (var look = 0; look < 12000 && !await IsReadyAsync(Template); look++) await Task.Delay(50, CancellationToken.None);
    }

    private async Task<bool> IsReadyAsync(string template) =>
        (await ShapeAsync("template", "listTemplates", ("templatefilter", "all"), ("id", template)))["isready"]!.GetValue<bool>();

    /// <summary>A second zone, with two hosts and no store.</summary>
    internal async Task<string> AddZoneAsync(string name)
    {
        var zone = await MadeAsync("zone", "createZone", ("name", name), ("networktype", "Advanced"), ("dns1", "9.9.9.9"), ("internaldns1", "9.9.9.9"));
        var wires = await MadeAsync("physicalnetwork", "createPhysicalNetwork", ("zoneid", zone), ("name", "wires"), ("vlan", "100-4000"));
        foreach (var traffic in new[] { "Management", "Guest", "Public" })
            (await CallAsync("addTrafficType", ("physicalnetworkid", wires), ("traffictype", traffic))).ShouldBe(200);
        (await CallAsync("updatePhysicalNetwork", ("id", wires), ("state", "Enabled"))).ShouldBe(200);
        (await CallAsync("createVlanIpRange", ("zoneid", zone), ("physicalnetworkid", wires), ("forvirtualnetwork", "true"), ("vlan", "untagged"),
            ("gateway", "198.51.100.1"), ("netmask", "255.255.255.0"), ("startip", "198.51.100.10"), ("endip", "198.51.100.60"))).ShouldBe(200);
        var pod = await MadeAsync("pod", "createPod", ("zoneid", zone), ("name", "pod"), ("gateway", "10.0.1.1"), ("netmask", "255.255.255.0"), ("startip", "10.0.1.10"), ("endip", "10.0.1.99"));
        var cluster = await MadeAsync("cluster", "addCluster", ("zoneid", zone), ("podid", pod), ("clustername", "cluster"), ("clustertype", "CloudManaged"), ("hypervisor", "Simulator"));
        for (var i = Hosts + 1; i <= Hosts + OtherHosts; i++)
        {
            await MadeAsync("host", "addHost", ("zoneid", zone), ("podid", pod), ("clusterid", cluster), ("hypervisor", "Simulator"),
                ("url", string.Create(CultureInfo.InvariantCulture, $"http://sim/{i}")));
        }
        await MadeAsync("storagepool", "createStoragePool", ("zoneid", zone), ("podid", pod), ("clusterid", cluster), ("scope", "cluster"), ("name", "pool"), ("url", "SharedMountPoint://localhost/other"));
        (await CallAsync("updateZone", ("id", zone), ("allocationstate", "Enabled"))).ShouldBe(200);
        return zone;
    }

    /// <summary>Registers a template that everybody may use.</summary>
    internal Task<string> RegisterAsync(string name, string url) => MadeAsync(
        "template", "registerTemplate", ("zoneid", Zone), ("name", name), ("displaytext", name), ("format", "QCOW2"), ("hypervisor", "Simulator"), ("url", url), ("ispublic", "true"));

    // What needs no host is done with the call, even where the wire makes a job of it.
    private async Task<string> MadeAsync(string shape, string command, params (string Name, string Value)[] parameters)
    {
        var body = (await CallAsync(command, parameters)).ShouldBe(200).Body;
        var made = body["jobid"] is not null ? body : body[shape] is JsonArray list ? list.Single()!.AsObject() : body[shape]!.AsObject();
        return made["id"]!.GetValue<string>();
    }
}
