using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>How a program inside a guest ended.</summary>
internal sealed record GuestResult(int ExitCode, byte[] Bytes, string Errors)
{
    public string Output => Encoding.UTF8.GetString(Bytes);
}

/// <summary>Runs programs and writes files inside a guest through QEMU's guest agent.</summary>
internal sealed class GuestAgent(Libvirt libvirt, Guid domainId, TimeProvider time)
{
    /// <summary>One message holds this much: with 256 KiB no answer came through libvirt within the limit.</summary>
    public const int ChunkBytes = 64 << 10;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ProgramLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    public async Task<GuestResult> RunAsync(string path, IReadOnlyList<string> arguments, byte[]? input, CancellationToken ct)
    {
        var started = await AskAsync("guest-exec", new
        {
            path,
            arg = arguments,
            input_data = input is null ? null : Convert.ToBase64String(input),
            capture_output = true,
        }, ct);
        var pid = (int)started!["pid"]!;
        var begin = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause)
        {
            var status = await AskAsync("guest-exec-status", new { pid }, ct);
            if ((bool)status!["exited"]!)
                return new GuestResult((int?)status["exitcode"] ?? -1, Decode(status["out-data"]), Encoding.UTF8.GetString(Decode(status["err-data"])));
            if (time.GetElapsedTime(begin) > ProgramLimit)
                throw new HostException(HostErrorCode.Failed, $"{path} in the guest {domainId} does not end.");
            await Task.Delay(pause, time, ct);
        }
    }

    /// <exception cref="LibvirtException">It is not up yet, or stuck.</exception>
    public Task PingAsync(CancellationToken ct) => AskAsync("guest-ping", new { }, ct);

    public async Task WriteFileAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var handle = (int)(await AskAsync("guest-file-open", new { path, mode = "w" }, ct))!;
        for (var at = 0; at < content.Length; at += ChunkBytes)
        {
            var chunk = content.Slice(at, Math.Min(ChunkBytes, content.Length - at));
            await AskAsync("guest-file-write", new { handle, buf_b64 = Convert.ToBase64String(chunk.Span) }, ct);
        }
        await AskAsync("guest-file-close", new { handle }, ct);
    }

    private async Task<JsonNode?> AskAsync(string command, object arguments, CancellationToken ct)
    {
        var question = JsonSerializer.Serialize(new { execute = command, arguments }, QuestionOptions);
        return JsonNode.Parse(await libvirt.AskAgentAsync(domainId, question, AnswerLimit, ct))!["return"];
    }

    private static byte[] Decode(JsonNode? base64) => base64 is null ? [] : Convert.FromBase64String((string)base64!);

    private static JsonSerializerOptions QuestionOptions { get; } = new()
    {
        PropertyNamingPolicy = new Dashes(),
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The agent's names have dashes where ours have underscores.</summary>
    private sealed class Dashes : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name.Replace('_', '-');
    }
}
