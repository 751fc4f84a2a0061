using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>
/// One connection to the program inside a worker: a JSON object on each line, many questions at once, answers in any order by id.
/// What comes from inside is hostile: a line that cannot be an answer is passed over, too long a one ends the connection. A
/// connection that broke stays so; what was asked on it fails, and may be asked again on another.
/// </summary>
internal sealed class WorkerLine : IAsyncDisposable
{
    /// <summary>The longest line.</summary>
    public const int LongestBytes = 4 << 20;

    // Answers to what nobody waits for any more are legitimate, an endless stream of them is not.
    private const long MostUnaskedBytes = 4L * LongestBytes;

    // What reading a line costs, however short it is.
    private const long LeastLineBytes = 4 << 10;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _waiting = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly NetworkStream _stream;
    private readonly Task _listening;
    private HostException? _broken;
    private long _unaskedBytes;
    private long _heard;

    private WorkerLine(Socket socket)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _listening = ListenAsync();
    }

    public bool IsOpen => Volatile.Read(ref _broken) is null;

    /// <summary>How many lines came so far.</summary>
    public long Heard => Interlocked.Read(ref _heard);

    /// <summary>Connects; an empty line ends whatever an earlier connection left over.</summary>
    public static async Task<WorkerLine> ConnectAsync(string path, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            await socket.SendAsync("\n"u8.ToArray(), ct);
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (error is SocketException) throw new HostException(HostErrorCode.Busy, $"{path} cannot be reached: {error.Message}.");
            throw;
        }
        return new WorkerLine(socket);
    }

    /// <summary>Asks and waits for the answer's line.</summary>
    public async Task<JsonElement> AskAsync(string message, object body, CancellationToken ct)
    {
        var id = $"{Guid.CreateVersion7():N}";
        var line = JsonSerializer.SerializeToUtf8Bytes(new WorkerRequest(id, message, body), ProtocolJson.Options);
        if (line.Length > LongestBytes) throw new HostException(HostErrorCode.Invalid, $"{message} is too long for a worker.");
        var waiting = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = waiting;
        try
        {
            if (Volatile.Read(ref _broken) is { } broken) throw new HostException(broken.Code, broken.Message);
            await SendAsync([.. line, (byte)'\n'], ct);
            return await waiting.Task.WaitAsync(ct);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Ends the connection; those who wait for answers are told why.</summary>
    public void Break(HostErrorCode code, string why)
    {
        if (Interlocked.CompareExchange(ref _broken, new HostException(code, why), null) is not null) return;
        _stream.Dispose();
        foreach (var waiting in _waiting.Values) waiting.TrySetException(new HostException(code, why));
    }

    public async ValueTask DisposeAsync()
    {
        Break(HostErrorCode.Busy, "The agent ends.");
        await _listening;
    }

    private async Task SendAsync(byte[] line, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            await _stream.WriteAsync(line, ct);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            Break(HostErrorCode.Busy, "The connection to the worker broke.");
            throw new HostException(HostErrorCode.Busy, "The connection to the worker broke.");
        }
        catch (OperationCanceledException)
        {
            // Half a line may be on its way: what follows would be read as its end.
            Break(HostErrorCode.Busy, "The worker does not take what it is told.");
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ListenAsync()
    {
        var reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 64 << 10, leaveOpen: true));
        try
        {
            while (await reader.ReadAsync(CancellationToken.None) is var read && IsOpen)
            {
                var rest = read.Buffer;
                while (_unaskedBytes <= MostUnaskedBytes && rest.PositionOf((byte)'\n') is { } end)
                {
                    Hear(rest.Slice(0, end));
                    rest = rest.Slice(rest.GetPosition(1, end));
                }
                if (rest.Length > LongestBytes) Break(HostErrorCode.Failed, "The worker sends a line without an end.");
                if (_unaskedBytes > MostUnaskedBytes) Break(HostErrorCode.Failed, "The worker talks without being asked.");
                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted) Break(HostErrorCode.Busy, "The worker's end of the connection is gone.");
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            Break(HostErrorCode.Busy, "The connection to the worker broke.");
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private void Hear(ReadOnlySequence<byte> line)
    {
        Interlocked.Increment(ref _heard);
        _unaskedBytes += Math.Max(line.Length, LeastLineBytes);
        if (line.Length is 0 or > LongestBytes) return;
        try
        {
            using var answer = JsonDocument.Parse(line);
            if (answer.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                && _waiting.TryRemove(id.GetString()!, out var waiting))
            {
                _unaskedBytes = 0;
                waiting.TrySetResult(root.Clone());
            }
        }
        catch (Exception nonsense) when (nonsense is JsonException or InvalidOperationException)
        {
            // It names no question, so there is nobody to tell.
        }
    }

    private sealed record WorkerRequest(string Id, string Message, object Body);
}
