using Stratiform.Agent.Compute;
using Stratiform.Agent.Networking;
using Stratiform.Agent.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.SystemVms;

/// <summary>What the agent makes of whatever comes out of a worker.</summary>
public sealed class VirtioWorkersTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strat-");
    private readonly FakeHypervisor _hypervisor = new(TimeProvider.System, new FakeDiskLocks());
    private readonly Guid _worker = Guid.CreateVersion7();
    private readonly Guid _store = Guid.CreateVersion7();
    private VirtioWorkers _workers = null!;
    private LineServer _server = null!;

    private string SocketPath => Path.Combine(_folder.FullName, $"{_worker}.sock");

    public async Task InitializeAsync()
    {
        _workers = Workers(TimeSpan.FromSeconds(20));
        _server = new LineServer(SocketPath);
        await _hypervisor.EnsureAsync(new DomainPlan(
            new DomainSpec { Id = _worker, Name = "s-1", Vcpus = 1, CpuMhz = 500, MemoryMib = 256 }, [], Array.Empty<Plug>()), default);
    }

    public async Task DisposeAsync()
    {
        await _workers.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_question_is_one_line_with_a_body_and_its_answer_comes_back()
    {
        var asking = _workers.ReadStoreAsync(new ReadStore(_worker, _store), default);
        using var inside = await _server.NextAsync();
        var question = await inside.HearAsync();
        ((string?)question!["message"], (string?)question["body"]!["storeId"]).ShouldBe(("ReadStore", _store.ToString()));
        await inside.AnswerAsync(question, """{"space":{"poolId":"%","capacityBytes":9,"usedBytes":5},"objects":[]}"""
            .Replace("%", $"{Guid.CreateVersion7()}", StringComparison.Ordinal));
        var inventory = await asking;
        inventory.Space.ShouldBe(new PoolReport(_store, 9, 5));
        inventory.Objects.ShouldBeEmpty();
    }

    [Fact]
    public async Task Calls_share_a_connection_and_answers_come_in_any_order()
    {
        var first = EnsureImageAsync();
        using var inside = await _server.NextAsync();
        var second = _workers.EnsureNoImageAsync(new EnsureNoImageInStore(_worker, _store, _worker), default);
        var questions = new[] { await inside.HearAsync(), await inside.HearAsync() };
        var image = questions.Single(question => (string?)question!["message"] == "EnsureImage");
        var none = questions.Single(question => (string?)question!["message"] == "EnsureNoImage");
        await inside.AnswerAsync(none, "{}");
        await second;
        first.IsCompleted.ShouldBeFalse();
        await inside.AnswerAsync(image, """{"state":"Running","percent":7}""");
        (await first).Percent.ShouldBe(7);
        var read = _workers.ReadAsync(_worker, default);
        await inside.AnswerAsync(await inside.HearAsync(), """{"answers":true,"isSetUp":true,"version":"1.2"}""");
        (await read).IsSetUp.ShouldBeTrue();
        _server.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_program_refuses_comes_back_with_its_code_and_text()
    {
        var asking = EnsureImageAsync();
        using var inside = await _server.NextAsync();
        await inside.RefuseAsync(await inside.HearAsync(), """{"code":"NoSpace","text":"The store is full."}""");
        var refusal = await Should.ThrowAsync<HostException>(asking);
        (refusal.Code, refusal.Message).ShouldBe((HostErrorCode.NoSpace, "The store is full."));
        asking = EnsureImageAsync();
        await inside.RefuseAsync(await inside.HearAsync(), """{"code":"StaleFence","text":"Not\na matter of workers."}""");
        refusal = await Should.ThrowAsync<HostException>(asking);
        (refusal.Code, refusal.Message).ShouldBe((HostErrorCode.Failed, "Not a matter of workers."));
    }

    [Fact]
    public async Task An_answer_that_is_not_what_was_expected_is_a_failure_of_that_call_alone()
    {
        var asking = EnsureImageAsync();
        using var inside = await _server.NextAsync();
        await inside.AnswerAsync(await inside.HearAsync(), """{"state":77}""");
        (await Should.ThrowAsync<HostException>(asking)).Code.ShouldBe(HostErrorCode.Failed);
        asking = EnsureImageAsync();
        await inside.AnswerAsync(await inside.HearAsync(), """{"state":"Running"}""");
        (await asking).State.ShouldBe(HostWorkState.Running);
    }

    [Fact]
    public async Task Garbage_is_passed_over()
    {
        var asking = EnsureImageAsync();
        using var inside = await _server.NextAsync();
        var question = await inside.HearAsync();
        string[] garbage =
        [
            "half an answer\"}}", "", "null", "[]", "7", "{}", """{"id":7}""", """{"id":"\ud800"}""", """{"id":"another","answer":{}}""",
            new string('[', 5000), "\0\0\0",
        ];
        foreach (var line in garbage) await inside.SayAsync(line + "\n");
        await inside.SayAsync((byte[])[.. "{\"id\":\""u8, 0xff, .. "\"}\n"u8]);
        await inside.AnswerAsync(question, """{"state":"Running"}""");
        (await asking).State.ShouldBe(HostWorkState.Running);
    }

    [Fact]
    public async Task A_connection_that_closes_in_the_middle_is_busy_and_made_anew()
    {
        var asking = EnsureImageAsync();
        using (var inside = await _server.NextAsync())
        {
            var question = await inside.HearAsync();
            await inside.SayAsync($$"""{"id":"{{question!["id"]}}","answ""");
        }
        (await Should.ThrowAsync<HostException>(asking)).Code.ShouldBe(HostErrorCode.Busy);
        var again = EnsureImageAsync();
        using var anew = await _server.NextAsync();
        await anew.AnswerAsync(await anew.HearAsync(), """{"state":"Running"}""");
        (await again).State.ShouldBe(HostWorkState.Running);
    }

    [Theory]
    [InlineData("xxxxxxxx")]
    [InlineData("xxxxxxx\n")]
    public async Task A_line_without_an_end_and_endless_chatter_end_the_connection(string piece)
    {
        var flood = string.Concat(Enumerable.Repeat(piece, 1 << 14));
        var asking = EnsureImageAsync();
        using var inside = await _server.NextAsync();
        await inside.HearAsync();
        await Should.ThrowAsync<System.Net.Sockets.SocketException>(async () =>
        {
            for (var i = 0; i < 1000; i++) await inside.SayAsync(flood);
        });
        (await Should.ThrowAsync<HostException>(asking)).Code.ShouldBe(HostErrorCode.Failed);
    }

    [Fact]
    public async Task Silence_is_busy_and_what_was_not_taken_is_not_delivered_late()
    {
        await _workers.DisposeAsync();
        _workers = Workers(TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<HostException>(EnsureImageAsync)).Code.ShouldBe(HostErrorCode.Busy);
        using var silent = await _server.NextAsync();
        (await silent.HearAsync()).ShouldNotBeNull();
        (await silent.HearAsync()).ShouldBeNull("the connection has ended");
        (await _workers.ReadAsync(_worker, default)).Answers.ShouldBeFalse();
        _server.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_worker_that_does_not_run_or_has_no_channel_may_come_later()
    {
        await _server.DisposeAsync();
        (await _workers.ReadAsync(_worker, default)).Answers.ShouldBeFalse();
        (await Should.ThrowAsync<HostException>(EnsureImageAsync)).Code.ShouldBe(HostErrorCode.Busy);
        await File.WriteAllTextAsync(SocketPath, "");
        (await Should.ThrowAsync<HostException>(EnsureImageAsync)).Code.ShouldBe(HostErrorCode.Busy);
        _hypervisor.SetPower(_worker, PowerState.ShutOff);
        (await _workers.ReadAsync(_worker, default)).Answers.ShouldBeFalse();
        (await Should.ThrowAsync<HostException>(EnsureImageAsync)).Code.ShouldBe(HostErrorCode.Busy);
    }

    [Fact]
    public async Task Who_gives_up_disturbs_nobody_else()
    {
        using var cancel = new CancellationTokenSource();
        var given = _workers.ReadStoreAsync(new ReadStore(_worker, _store), cancel.Token);
        using var inside = await _server.NextAsync();
        var late = await inside.HearAsync();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(given);
        var asking = EnsureImageAsync();
        await inside.AnswerAsync(late, "{}");
        await inside.AnswerAsync(await inside.HearAsync(), """{"state":"Running"}""");
        (await asking).State.ShouldBe(HostWorkState.Running);
    }

    private VirtioWorkers Workers(TimeSpan limit) =>
        new(_hypervisor, _folder.FullName, TimeProvider.System) { ReadLimit = limit, EnsureLimit = limit };

    private Task<ImageProgress> EnsureImageAsync() => _workers.EnsureImageAsync(new EnsureImageInStore(_worker, new EnsureImage
    {
        PoolId = _store,
        ImageId = Guid.CreateVersion7(),
        Source = "http://images/i.qcow2",
    }), default);
}
