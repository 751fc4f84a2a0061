using System.Text.Json;
using Stratiform.Protocol;
using Stratiform.SystemVm.Channels;

namespace Stratiform.SystemVm.Tests;

/// <summary>The lines between a worker and its host's agent, whatever comes along.</summary>
public sealed class ChannelTests
{
    [Fact]
    public async Task A_message_is_answered_under_its_id()
    {
        await using var bench = await Bench.StartAsync(setUp: false);
        await bench.SendAsync("\n{\"id\":\"seven\",\"message\":\"ReadWorker\",\"body\":{}}\n");
        var answer = await bench.ReceiveAsync();
        answer["id"]!.GetValue<string>().ShouldBe("seven");
        var report = answer["answer"].Deserialize<WorkerReport>(ProtocolJson.Options)!;
        report.Answers.ShouldBeTrue();
        report.IsSetUp.ShouldBeFalse();
        report.MemoryBytes.ShouldBeGreaterThan(1 << 20);
    }

    [Fact]
    public async Task Garbage_is_passed_over()
    {
        await using var bench = await Bench.StartAsync(setUp: false);
        await bench.SendAsync("{\"id\":\"1\",\"mess\n\n\0\ufffd[]\n3\nnull\n{\"id\":1}\n{\"id\":\"x\"}\n");
        await ShouldAnswerAsync(bench);
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_passed_over_and_the_longest_is_not()
    {
        await using var bench = await Bench.StartAsync(setUp: false);
        await bench.SendAsync(new string('x', Channel.MaxLineBytes + 100_000) + "\n");
        await ShouldAnswerAsync(bench);
        var padding = new string(' ', Channel.MaxLineBytes - 100);
        await bench.SendAsync($"{{\"id\":\"2\",\"message\":\"ReadWorker\",{padding}\"body\":{{}}}}\n");
        (await bench.ReceiveAsync())["id"]!.GetValue<string>().ShouldBe("2");
        await ShouldAnswerAsync(bench);
    }

    [Fact]
    public async Task A_message_may_come_in_pieces_and_several_at_once()
    {
        await using var bench = await Bench.StartAsync(setUp: false);
        await bench.SendAsync("{\"id\":\"1\",\"message\":\"Read");
        await Task.Delay(50, CancellationToken.None);
        await bench.SendAsync("Worker\",\"body\":{}}\n{\"id\":\"2\",\"message\":\"ReadWorker\",\"body\":{}}\n");
        string[] ids = [(await bench.ReceiveAsync())["id"]!.GetValue<string>(), (await bench.ReceiveAsync())["id"]!.GetValue<string>()];
        ids.Order().ShouldBe(["1", "2"]);
    }

    [Theory]
    [InlineData("EnsureRouter", "{}", HostErrorCode.Unsupported)]
    [InlineData("EnsureWorker", "{}", HostErrorCode.Invalid)]
    [InlineData("EnsureImage", "3", HostErrorCode.Invalid)]
    [InlineData("ReadStore", "{\"storeId\":\"0198f000-0000-7000-8000-000000000000\"}", HostErrorCode.Busy)]
    public async Task What_cannot_be_done_is_refused_with_a_reason(string message, string body, HostErrorCode code)
    {
        await using var bench = await Bench.StartAsync();
        await bench.SendAsync($"{{\"id\":\"1\",\"message\":\"{message}\",\"body\":{body}}}\n");
        var error = (await bench.ReceiveAsync())["error"].Deserialize<HostError>(ProtocolJson.Options)!;
        error.Code.ShouldBe(code);
        error.Text.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_stream_that_says_it_has_ended_is_read_on()
    {
        using var stream = new Interrupted("{\"id\":\"1\"}\n"u8.ToArray());
        var line = await new LineReader(stream, 100, TimeProvider.System).ReadAsync(CancellationToken.None);
        line.Length.ShouldBe(10);
    }

    private static async Task ShouldAnswerAsync(Bench bench)
    {
        await bench.SendAsync("{\"id\":\"after\",\"message\":\"ReadWorker\",\"body\":{}}\n");
        (await bench.ReceiveAsync())["id"]!.GetValue<string>().ShouldBe("after");
    }

    /// <summary>Ends before every byte.</summary>
    private sealed class Interrupted(byte[] content) : MemoryStream(content)
    {
        private bool _ended;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _ended = !_ended;
            return _ended ? ValueTask.FromResult(0) : base.ReadAsync(buffer[..Math.Min(5, buffer.Length)], cancellationToken);
        }
    }
}
