using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Stratiform.Protocol;
using Stratiform.SystemVm.Channels;
using Stratiform.SystemVm.Serving;
using Stratiform.SystemVm.Stores;

namespace Stratiform.SystemVm.Tests;

/// <summary>A worker with two stores that are folders, an agent's end of its channel, and a server of images on loopback.</summary>
internal sealed class Bench : IAsyncDisposable
{
    public static readonly Guid Store = Guid.CreateVersion7();
    public static readonly Guid Other = Guid.CreateVersion7();
    public static readonly byte[] Key = [1, 2, 3, 4];
    private readonly CancellationTokenSource _end = new();
    private readonly Socket _agent;
    private readonly Socket _worker;
    private readonly Task _loop;
    private readonly WebApplication _web;
    private readonly LinkListener _links;
    private readonly StreamReader _answers;

    private Bench(Socket agent, Socket worker, WebApplication web, IScratchDisk scratch)
    {
        (_agent, _worker, _web) = (agent, worker, web);
        var traffic = new Traffic();
        var stores = new StoreShelf(Path.Combine(Folder, "stores"), new PlainMounts(), new Scratch(scratch), TimeProvider.System);
        var jobs = new ImageJobs(TimeProvider.System, traffic);
        var mine = new Worker(Cards, stores, jobs, traffic);
        var uploads = new UploadServer(mine, stores, jobs, TimeProvider.System) { Patience = TimeSpan.FromSeconds(1) };
        _links = new LinkListener(
            new LinkServer(mine, stores, uploads, traffic, TimeProvider.System), new IPEndPoint(IPAddress.Loopback, 0), NullLoggerFactory.Instance);
        _loop = new Channel(new NetworkStream(worker), new MessageTable(mine), TimeProvider.System, NullLogger.Instance).RunAsync(_end.Token);
        _answers = new StreamReader(new NetworkStream(agent));
        _web.Run(http => Answers.TryGetValue(http.Request.Path, out var answer) ? answer(http) : NotThere(http));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("worker").FullName;

    public NotedCards Cards { get; } = new();

    /// <summary>What the server of images answers, by path.</summary>
    public Dictionary<string, RequestDelegate> Answers { get; } = [];

    /// <summary>Where the worker serves links.</summary>
    public Uri Links => _links.Address;

    public Uri Web => new(_web.Urls.Single());

    /// <param name="setUp">Whether it is told of its stores.</param>
    /// <param name="scratch">Its scratch disk; null for none.</param>
    public static async Task<Bench> StartAsync(bool setUp = true, IScratchDisk? scratch = null)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var agent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await agent.ConnectAsync(new UnixDomainSocketEndPoint(path), CancellationToken.None);
        var bench = new Bench(agent, await listener.AcceptAsync(CancellationToken.None), Server(), scratch ?? new ScratchDisk("/none"));
        File.Delete(path);
        await bench._web.StartAsync(CancellationToken.None);
        await bench._links.StartAsync(CancellationToken.None);
        if (setUp) await bench.AskAsync<WorkerReport>("EnsureWorker", Setup());
        return bench;
    }

    public static WorkerSetup Setup(params (Guid Id, string Url)[] stores) => new()
    {
        Nics = [],
        LinkKey = Key,
        Stores =
        [
            .. (stores.Length > 0 ? stores : [(Store, "nfs://192.0.2.1/one"), (Other, "nfs://store/two")])
                .Select(store => new StoreAddress { StoreId = store.Id, Url = store.Url }),
        ],
    };

    public string FolderOf(Guid store) => Path.Combine(Folder, "stores", store.ToString());

    public string[] Files(Guid store) => Directory.Exists(FolderOf(store) + "/images")
        ? [.. Directory.GetFiles(FolderOf(store) + "/images").Select(file => Path.GetFileName(file)!).Order()]
        : [];

    public Task SendAsync(string text) => _agent.SendAsync(Encoding.UTF8.GetBytes(text), _end.Token).AsTask();

    public async Task<JsonNode> ReceiveAsync() =>
        JsonNode.Parse((await _answers.ReadLineAsync(_end.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), _end.Token))!)!;

    /// <summary>One message and its answer; a refusal is thrown.</summary>
    public async Task<T> AskAsync<T>(string message, object body)
    {
        var line = JsonSerializer.Serialize(new { id = "1", message, body }, ProtocolJson.Options);
        await SendAsync(line + "\n");
        var answer = await ReceiveAsync();
        if (answer["error"].Deserialize<HostError>(ProtocolJson.Options) is { } error) throw new HostException(error.Code, error.Text);
        return answer["answer"].Deserialize<T>(ProtocolJson.Options)!;
    }

    public Task<WorkerReport> ReadAsync() => AskAsync<WorkerReport>("ReadWorker", new { });

    /// <summary>Asks until it has ended.</summary>
    public async Task<ImageProgress> BringAsync(EnsureImage image)
    {
        for (var ask = 0; ask < 1500; ask++)
        {
            var progress = await AskAsync<ImageProgress>("EnsureImage", image);
            if (progress.State != HostWorkState.Running) return progress;
            await Task.Delay(20, CancellationToken.None);
        }
        throw new TimeoutException("The image is still on its way.");
    }

    public EnsureImage Image(string path) => new()
    {
        PoolId = Store,
        ImageId = Guid.CreateVersion7(),
        Source = new Uri(Web, path).AbsoluteUri,
        Allowed = ["127.0.0.1/32"],
    };

    /// <summary>Serves these bytes.</summary>
    public string Serve(string path, byte[] content)
    {
        Answers[path] = http => Results.Bytes(content).ExecuteAsync(http);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _agent.Dispose();
        _worker.Dispose();
        await _loop.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _links.DisposeAsync();
        await _web.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static WebApplication Server()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static Task NotThere(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
