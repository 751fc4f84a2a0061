using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Stratiform.Agent.Tests.SystemVms;

/// <summary>Stands where QEMU would listen for a worker: takes connections, and lets a test say what comes back.</summary>
internal sealed class LineServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>();
    private readonly string _path;
    private readonly Task _accepting;

    public LineServer(string path)
    {
        _path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public int Connections { get; private set; }

    public async Task<Conversation> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return new Conversation(await _accepted.Reader.ReadAsync(limit.Token));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        File.Delete(_path);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (await _listener.AcceptAsync() is var socket)
            {
                Connections++;
                await _accepted.Writer.WriteAsync(socket);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            _accepted.Writer.Complete();
        }
    }
}

/// <summary>One connection, as the program inside would see it.</summary>
internal sealed class Conversation(Socket socket) : IDisposable
{
    private readonly StreamReader _reader = new(new NetworkStream(socket, ownsSocket: false));

    /// <summary>The next question; null when the other side has gone.</summary>
    public async Task<JsonNode?> HearAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length > 0) return JsonNode.Parse(line);
        }
        return null;
    }

    public async Task SayAsync(ReadOnlyMemory<byte> bytes) => await socket.SendAsync(bytes);

    public Task SayAsync(string text) => SayAsync(System.Text.Encoding.UTF8.GetBytes(text));

    public Task AnswerAsync(JsonNode? question, string answer) => SayAsync($$"""{"id":"{{question!["id"]}}","answer":{{answer}}}""" + "\n");

    public Task RefuseAsync(JsonNode? question, string error) => SayAsync($$"""{"id":"{{question!["id"]}}","error":{{error}}}""" + "\n");

    public void Dispose()
    {
        _reader.Dispose();
        socket.Dispose();
    }
}
