using System.Buffers;
using System.Text.Json;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Channels;

/// <summary>
/// Lines of JSON between this program and its host's agent: <c>{"id":…,"message":…,"body":…}</c> comes in,
/// <c>{"id":…,"answer":…}</c> or <c>{"id":…,"error":…}</c> goes out, in any order. What is no message is passed over: the agent may have been
/// cut off in the middle of one.
/// </summary>
/// <param name="stream">Both directions.</param>
/// <param name="messages">What can be asked for.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where mistakes of ours are told.</param>
internal sealed partial class Channel(Stream stream, MessageTable messages, TimeProvider time, ILogger log)
{
    /// <summary>Longest line either way.</summary>
    public const int MaxLineBytes = 4 << 20;

    private const int MaxUnderWay = 32;

    private SemaphoreSlim Writing { get; } = new(1, 1);

    private SemaphoreSlim Room { get; } = new(MaxUnderWay, MaxUnderWay);

    /// <summary>Obeys until it is cancelled, or the stream breaks.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var lines = new LineReader(stream, MaxLineBytes, time);
        while (true)
        {
            if (Parse((await lines.ReadAsync(ct)).Span) is not { } request) continue;
            await Room.WaitAsync(ct);
            _ = AnswerAsync(request, ct);
        }
    }

    private static ChannelRequest? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return line.IsEmpty ? null : JsonSerializer.Deserialize<ChannelRequest>(line, ChannelJson.Default.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task AnswerAsync(ChannelRequest request, CancellationToken ct)
    {
        // Whatever it takes, the next line is read meanwhile.
        await Task.Yield();
        try
        {
            var line = Render(request.Id, await ObeyAsync(request, ct));
            await Writing.WaitAsync(ct);
            try
            {
                await stream.WriteAsync(line, ct);
                await stream.FlushAsync(ct);
            }
            finally
            {
                Writing.Release();
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Who asked is away, and asks again.
        }
        finally
        {
            Room.Release();
        }
    }

    private async Task<object> ObeyAsync(ChannelRequest request, CancellationToken ct)
    {
        try
        {
            return await messages.ObeyAsync(request.Message, request.Body, ct);
        }
        catch (HostException refusal)
        {
            return refusal.ToError();
        }
        catch (JsonException wrong)
        {
            return new HostError(HostErrorCode.Invalid, $"{request.Message} cannot be understood: {wrong.Message}");
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            Log.Bug(log, request.Message, bug);
            return new HostError(HostErrorCode.Failed, bug.Message);
        }
    }

    private static ReadOnlyMemory<byte> Render(string id, object answer)
    {
        var line = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WritePropertyName(answer is HostError ? "error" : "answer");
            JsonSerializer.Serialize(json, answer, answer.GetType(), ChannelJson.Default.Options);
            json.WriteEndObject();
        }
        line.Write("\n"u8);
        return line.WrittenMemory;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Message} failed")]
        public static partial void Bug(ILogger logger, string message, Exception bug);
    }
}

/// <summary>A message as it comes along the channel.</summary>
internal sealed record ChannelRequest
{
    public required string Id { get; init; }
    public required string Message { get; init; }
    public JsonElement Body { get; init; }
}
