using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Stratiform.Agent.Storage;
using Stratiform.Protocol;
using Stratiform.Simulator;

namespace Stratiform.Agent.Tests.Simulator;

/// <summary>The simulator over its listener, as a management server meets it.</summary>
public sealed class SimulatedCloudTests : IAsyncLifetime
{
    private readonly Guid _network = Guid.CreateVersion7();
    private SimulatedCloud _cloud = null!;
    private HttpMessageInvoker _http = null!;

    public async Task InitializeAsync()
    {
        var options = new SimulatorOptions
        {
            Listen = $"unix:/tmp/strat-{Path.GetRandomFileName()}.sock",
            Hosts = 3,
            HeartbeatInterval = TimeSpan.FromMilliseconds(50),
        };
        _cloud = await SimulatedCloud.StartAsync(options, TimeProvider.System, default);
        _http = new HttpMessageInvoker(_cloud.CreateHandler());
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }

    [Fact]
    public async Task Hosts_have_lasting_ids_and_own_paths()
    {
        var first = await (await SendAsync(1, new ReadHost())).Content.ReadFromJsonAsync<HostReport>(ProtocolJson.Options);
        var second = await (await SendAsync(2, new ReadHost())).Content.ReadFromJsonAsync<HostReport>(ProtocolJson.Options);
        first!.HostId.ShouldBe(SimulatedHost.IdOf(1, 1));
        second!.HostId.ShouldBe(SimulatedHost.IdOf(1, 2));
        first.Accelerator.ShouldBe(Accelerator.None);
    }

    [Fact]
    public async Task Errors_travel_with_their_status()
    {
        var answer = await SendAsync(1, new EnsureNetwork { NetworkId = _network, Traffic = TrafficType.Public, Vni = 100, Mtu = 1450 });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ErrorAsync(answer)).Code.ShouldBe(HostErrorCode.Invalid);
        (await PostAsync("1/messages/MakeCoffee", "{}")).StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        (await PostAsync("1/messages/ReadDomain", "{\"domainId\":7}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync("9/messages/ReadHost", "{}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_message_that_changes_something_needs_its_headers()
    {
        var answer = await PostAsync("1/messages/EnsureNoNetwork", $"{{\"networkId\":\"{_network}\"}}");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ErrorAsync(answer)).Text.ShouldContain(Wire.SubjectHeader);
    }

    [Fact]
    public async Task A_stale_fence_is_a_conflict()
    {
        (await SendAsync(1, Network(), fence: 8)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(1, Network(), fence: 7)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_refused_message_is_not_obeyed()
    {
        var busy = new Fault { Kind = FaultKind.Refuse, Host = 1, Message = nameof(EnsureNetwork), Code = HostErrorCode.Busy, Times = 1 };
        _cloud.Order(busy);
        (await SendAsync(1, Network())).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await _cloud.FootprintAsync(default)).ShouldBeEmpty();
        (await SendAsync(1, Network())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _cloud.FootprintAsync(default)).ShouldBe([$"host 1 network {_network}"]);
    }

    [Fact]
    public async Task A_lost_answer_is_of_a_message_that_was_obeyed()
    {
        _cloud.Order(new Fault { Kind = FaultKind.LoseAnswer, Message = nameof(EnsureNetwork) });
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync(2, Network()));
        (await _cloud.FootprintAsync(default)).ShouldBe([$"host 2 network {_network}"]);
    }

    [Fact]
    public async Task A_broken_connection_is_of_a_message_that_was_not()
    {
        _cloud.Order(new Fault { Kind = FaultKind.Disconnect, Message = nameof(EnsureNetwork), Times = 1 });
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync(2, Network()));
        (await _cloud.FootprintAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_held_message_goes_on_when_the_fault_is_withdrawn()
    {
        var hold = _cloud.Order(new Fault { Kind = FaultKind.Hold, Host = 3 });
        var sending = SendAsync(3, Network());
        await hold.Struck;
        sending.IsCompleted.ShouldBeFalse();
        (await _cloud.FootprintAsync(default)).ShouldBeEmpty();
        hold.Withdraw();
        (await sending).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_dead_host_answers_nothing_until_it_boots_again()
    {
        await SendAsync(1, Network());
        var before = _cloud[1].Machine.BootId;
        var death = _cloud.Order(new Fault { Kind = FaultKind.Die, Host = 1 });
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync(1, new ReadHost()));
        (await SendAsync(2, new ReadHost())).StatusCode.ShouldBe(HttpStatusCode.OK);
        death.Withdraw();
        var report = await (await SendAsync(1, new ReadHost())).Content.ReadFromJsonAsync<HostReport>(ProtocolJson.Options);
        report!.BootId.ShouldNotBe(before);
        (await _cloud.FootprintAsync(default)).ShouldBeEmpty();
        (await SendAsync(1, Network(), fence: 0)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_full_disk_has_room_again()
    {
        var pool = Guid.CreateVersion7();
        await SendAsync(1, new EnsurePool(pool, "/pools/p"));
        var volume = new EnsureVolume { PoolId = pool, VolumeId = Guid.CreateVersion7(), SizeBytes = 1 << 20 };
        var full = _cloud.Order(new Fault { Kind = FaultKind.FullDisk, Host = 1 });
        (await SendAsync(1, volume)).StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
        full.Withdraw();
        (await SendAsync(1, volume)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _cloud.FootprintAsync(default)).ShouldBe(
            [$"host 1 pool {pool}", $"pool {pool} volume {volume.VolumeId} {1 << 20}"]);
    }

    [Fact]
    public async Task Faults_are_ordered_over_the_wire_too()
    {
        var order = """{"kind":"Refuse","host":1,"message":"ReadHost","code":"Busy"}""";
        (await PostAsync("faults", order)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync(1, new ReadHost())).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await _http.SendAsync(Request(HttpMethod.Delete, "faults"), default);
        (await SendAsync(1, new ReadHost())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_watch_begins_with_a_snapshot_and_beats_and_breaks_with_the_host()
    {
        var pool = Guid.CreateVersion7();
        await SendAsync(1, new EnsurePool(pool, "/pools/p"));
        using var answer = await _http.SendAsync(Request(HttpMethod.Get, "1/watch"), default);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync()).ShouldBe("event: snapshot");
        var snapshot = JsonSerializer.Deserialize<WatchEvent>((await reader.ReadLineAsync())!["data: ".Length..], ProtocolJson.Options);
        snapshot!.Pools.Select(space => space.PoolId).ShouldBe([pool]);
        await reader.ReadLineAsync();
        (await reader.ReadLineAsync()).ShouldBe("event: heartbeat");
        _cloud[1].Die();
        await Should.ThrowAsync<IOException>(() => reader.ReadToEndAsync());
    }

    [Fact]
    public async Task An_image_takes_several_polls()
    {
        _cloud.Disks.Sources["http://x/i.qcow2"] = new FakeSource(VirtualSizeBytes: 1 << 30);
        var pool = Guid.CreateVersion7();
        await SendAsync(1, new EnsurePool(pool, "/pools/p"));
        var image = new EnsureImage { PoolId = pool, ImageId = Guid.CreateVersion7(), Source = "http://x/i.qcow2" };
        var percents = new List<int>();
        ImageProgress? progress;
        do
        {
            progress = await (await SendAsync(1, image)).Content.ReadFromJsonAsync<ImageProgress>(ProtocolJson.Options);
            percents.Add(progress!.Percent);
        }
        while (progress.State == HostWorkState.Running);
        percents.ShouldBe([0, 33, 66, 100]);
        progress.VirtualSizeBytes.ShouldBe(1 << 30);
    }

    private static async Task<HostError> ErrorAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<HostError>(ProtocolJson.Options))!;

    private static HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, "http://sim/" + path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private EnsureNetwork Network() => new() { NetworkId = _network, Traffic = TrafficType.Guest, Vni = 5, Mtu = 1450 };

    private Task<HttpResponseMessage> SendAsync<TAnswer>(int host, IHostMessage<TAnswer> message, long fence = 1) where TAnswer : class
    {
        var request = Request(HttpMethod.Post, $"{host}/{Wire.PathOf(message.GetType())}");
        request.Content = JsonContent.Create(message, message.GetType(), options: ProtocolJson.Options);
        request.Headers.Add(Wire.SubjectHeader, $"Network/{_network}");
        request.Headers.Add(Wire.FenceHeader, fence.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return _http.SendAsync(request, default);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string json)
    {
        var request = Request(HttpMethod.Post, path);
        request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return _http.SendAsync(request, default);
    }
}
