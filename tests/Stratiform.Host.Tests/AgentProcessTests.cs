using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Stratiform.Agent;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Host.Tests;

/// <summary>The agent as it is installed: a process in the host, spoken to over its socket.</summary>
[Collection(OnTheHost.Name)]
public sealed class AgentProcessTests(HostLab lab)
{
    private readonly string _socket = $"{lab.Folder}/agent-{Guid.CreateVersion7()}.sock";
    private readonly string _state = lab.NewStateFolder();
    private readonly Guid _hostId = Guid.CreateVersion7();
    private readonly Guid _pool = Guid.CreateVersion7();

    [Fact]
    public async Task A_restarted_agent_adopts_what_runs_and_remembers_what_it_obeyed()
    {
        using var http = Client();
        var volume = new EnsureVolume { PoolId = _pool, VolumeId = Guid.CreateVersion7(), SizeBytes = 64 << 20 };
        var network = new EnsureNetwork { NetworkId = Guid.CreateVersion7(), Traffic = TrafficType.Public, Mtu = 1500 };
        var spec = HostLab.SystemVm() with
        {
            Disks = [new DiskSpec(_pool, volume.VolumeId)],
            Nics = [new NicSpec(Guid.CreateVersion7(), "02:00:00:00:00:09", network.NetworkId, 1500)],
        };
        var agent = await StartAsync(http);
        File.GetUnixFileMode(_socket).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var host = await SendAsync(http, new ReadHost(), Guid.Empty);
        (host.HostId, host.Name, host.Address).ShouldBe((_hostId, "strat-lab", "192.0.2.1"));
        await SendAsync(http, new EnsurePool(_pool, $"{lab.Folder}/pool-{_pool}"), _pool);
        await SendAsync(http, volume, volume.VolumeId);
        await SendAsync(http, network, network.NetworkId);
        var before = await SendAsync(http, new EnsureDomain(spec), spec.Id);

        await StopAsync(agent);
        agent = await StartAsync(http);
        (await SendAsync(http, new ReadDomain(spec.Id), Guid.Empty)).ShouldBe(before);
        var stale = await PostAsync(http, new EnsureNoDomain(spec.Id), spec.Id, fence: 6);
        stale.StatusCode.ShouldBe(HttpStatusCode.Conflict);

        await SendAsync(http, new EnsureNoDomain(spec.Id), spec.Id);
        await SendAsync(http, new EnsureNoNetwork(network.NetworkId), network.NetworkId);
        await SendAsync(http, new EnsureNoVolume(_pool, volume.VolumeId), volume.VolumeId);
        await SendAsync(http, new EnsureNoPool(_pool), _pool);
        await StopAsync(agent);
    }

    private static async Task StopAsync(int agent)
    {
        await Shell.RunAsync("kill", ["-TERM", $"{agent}"]);
        await HostLab.WaitForAsync(() => Task.FromResult(!Directory.Exists($"/proc/{agent}")), "the agent's end");
    }

    private static async Task<TAnswer> SendAsync<TAnswer>(HttpMessageInvoker http, IHostMessage<TAnswer> message, Guid subject)
        where TAnswer : class
    {
        using var answer = await PostAsync(http, message, subject, fence: 7);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<TAnswer>(ProtocolJson.Options))!;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpMessageInvoker http, object message, Guid subject, long fence)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://agent/" + Wire.PathOf(message.GetType()))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = JsonContent.Create(message, message.GetType(), options: ProtocolJson.Options),
        };
        request.Headers.Add(Wire.SubjectHeader, $"Subject/{subject}");
        request.Headers.Add(Wire.FenceHeader, $"{fence}");
        return http.SendAsync(request, default);
    }

    private async Task<int> StartAsync(HttpMessageInvoker http)
    {
        var config = $"{_state}/agent.json";
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new AgentConfig
        {
            Listen = "unix:" + _socket,
            State = _state,
            HostId = _hostId,
            Images = lab.ImagesFolder,
            Traffic = lab.Traffic,
        }, ProtocolJson.Options));
        var agent = await lab.StartAsync("agent", "dotnet", typeof(AgentHost).Assembly.Location, "--config", config);
        await HostLab.WaitForAsync(async () =>
        {
            try
            {
                return (await PostAsync(http, new ReadHost(), Guid.Empty, fence: 0)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "the agent");
        return await HostLab.ChildOfAsync(agent);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The invoker owns its handler.")]
    private HttpMessageInvoker Client() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
