using System.Net;
using System.Net.Sockets;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Tests.Buckets;

/// <summary>The way to a real S3 server, which <c>packaging/box/test objects</c> brings up: a relay that can be cut.</summary>
internal sealed class S3Server : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _open = [];
    private volatile bool _isAway;

    public S3Server()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The file with the account's keys.</summary>
    public static string Account { get; } = Environment.GetEnvironmentVariable("STRATIFORM_S3_ACCOUNT")
        ?? throw new InvalidOperationException("STRATIFORM_S3_URL and STRATIFORM_S3_ACCOUNT name no S3 server; run packaging/box/test objects.");

    /// <summary>Bytes that went to the server.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    private long _sent;

    private static Uri Real => new(Environment.GetEnvironmentVariable("STRATIFORM_S3_URL")!);

    /// <summary>Connections break, and new ones too.</summary>
    public bool IsAway
    {
        set
        {
            _isAway = value;
            if (!value) return;
            lock (_open)
            {
                foreach (var socket in _open) socket.Dispose();
                _open.Clear();
            }
        }
    }

    public StoreAddress Address(Guid store, string? secret = null)
    {
        var keys = File.ReadAllLines(Account).Select(line => line.Split('=')).ToDictionary(words => words[0], words => words[1]);
        return new StoreAddress
        {
            StoreId = store,
            Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{Real.AbsolutePath}",
            AccessKey = keys["ACCESS_KEY"],
            SecretKey = secret ?? keys["SECRET_KEY"],
        };
    }

    public async ValueTask DisposeAsync()
    {
        IsAway = true;
        await _end.CancelAsync();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var near = await _listener.AcceptSocketAsync(_end.Token);
            if (_isAway) near.Dispose();
            else _ = RelayAsync(near);
        }
    }

    private async Task RelayAsync(Socket near)
    {
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_open) _open.AddRange([near, far]);
        try
        {
            await far.ConnectAsync(Real.Host, Real.Port, _end.Token);
            await Task.WhenAny(PassAsync(near, far, read => Interlocked.Add(ref _sent, read)), PassAsync(far, near, _ => { }));
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // As it is meant to be.
        }
        near.Dispose();
        far.Dispose();
    }

    private async Task PassAsync(Socket from, Socket to, Action<int> passed)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReceiveAsync(buffer, _end.Token) is var read && read > 0)
        {
            await to.SendAsync(buffer.AsMemory(0, read), _end.Token);
            passed(read);
        }
    }
}
