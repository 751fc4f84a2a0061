using System.Globalization;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stratiform.Agent;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Enrolling;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Storage;
using Stratiform.Agent.SystemVms;
using Stratiform.Management.Agents;
using Stratiform.Management.Tests.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Agents;

/// <summary>The real agent with fakes for drivers, listening with TLS on a port of loopback; its state outlives a restart.</summary>
internal sealed class NetworkAgent : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agent-");
    private readonly Guid _id = Guid.CreateVersion7();
    private WebApplication? _web;

    private NetworkAgent() { }

    public Uri Address { get; private set; } = new("https://127.0.0.1:0");
    public LogKeeper Logs { get; } = new() { Lines = [] };
    public string TlsFolder => Path.Combine(_folder.FullName, "tls");

    private AgentConfig Config => new()
    {
        Listen = Address.GetLeftPart(UriPartial.Authority),
        State = _folder.FullName,
        HostId = _id,
        Images = _folder.FullName,
        Traffic = new("guest", "public", "management", "storage"),
    };

    public static async Task<NetworkAgent> StartAsync()
    {
        var agent = new NetworkAgent();
        await agent.RunAsync();
        return agent;
    }

    public async Task RestartAsync()
    {
        await EndAsync();
        await RunAsync();
    }

    /// <summary>What <c>join</c> prints.</summary>
    public async Task<string> JoinAsync()
    {
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var code = await JoinCommand.RunAsync(Config, output, errors);
        return code == 0 ? output.ToString().Trim() : throw new InvalidOperationException(errors.ToString());
    }

    /// <summary>Enrols the agent as a server of this authority does, without any of its checks.</summary>
    public async Task<HttpResponseMessage> EnrolAsync(SigningAuthority by, byte[]? secret, Uri? name = null, DateTimeOffset? at = null)
    {
        using var key = new IdentityFolder(_folder.FullName).ReadKey();
        using var certificate = by.Issue(new PublicKey(key), name ?? Address, at ?? TimeProvider.System.GetUtcNow());
        using var client = Client();
        return await PostAsync(client, Wire.EnrolPath, new Enrolment(certificate.RawData, by.Certificate, secret));
    }

    /// <summary>A client that takes whatever the agent shows, and shows this itself.</summary>
    public HttpMessageInvoker Client(SslStreamCertificateContext? own = null) => AgentConnections.Connect(Address, new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateContext = own,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
    });

    public Task<HttpResponseMessage> PostAsync<T>(HttpMessageInvoker client, string path, T body) => client.SendAsync(
        new(HttpMethod.Post, new Uri(Address, path))
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = JsonContent.Create(body, options: ProtocolJson.Options),
        },
        CancellationToken.None);

    public Task<HttpResponseMessage> AskAsync(HttpMessageInvoker client) =>
        PostAsync(client, Wire.PathOf(typeof(ReadHost)), new ReadHost());

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Delete(recursive: true);
    }

    private async Task RunAsync()
    {
        _web = AgentServer.Build(Config, TimeProvider.System, services =>
        {
            services.AddSingleton<ILoggerProvider>(Logs);
            var hypervisor = new FakeHypervisor(TimeProvider.System, new FakeDiskLocks());
            services.AddSingleton<IMachine>(new FakeMachine(_id, $"net-{_id}")).AddSingleton<IHypervisor>(hypervisor);
            var disks = new FakeDisks();
            services.AddSingleton<IPoolDriver>(new FakePools(disks)).AddSingleton<INetworkFabric, FakeFabric>();
            services.AddSingleton<IRouterChannel>(new FakeRouters(hypervisor));
            services.AddSingleton<IWorkerChannel>(new FakeWorkers(hypervisor, disks, TimeProvider.System));
        });
        await _web.StartAsync(CancellationToken.None);
        Address = new Uri(_web.Urls.Single());
    }

    private async Task EndAsync()
    {
        if (_web is null) return;
        await _web.StopAsync(CancellationToken.None);
        await _web.DisposeAsync();
    }
}
