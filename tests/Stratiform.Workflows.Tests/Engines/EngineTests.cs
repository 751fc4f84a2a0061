using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Testing;

namespace Stratiform.Workflows.Tests.Engines;

/// <summary>What the engine promises to every workflow, shown on tiny ones.</summary>
public sealed class EngineTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly Switchboard _board = new();
    private ServiceProvider _services = null!;
    private Engine _engine = null!;

    public async Task InitializeAsync()
    {
        await using (var db = database.Open()) await db.Set<WorkflowRow>().ExecuteDeleteAsync();
        var options = OptionsOf(Id.New<EngineTests>().ToString());
        _services = new ServiceCollection().AddLogging().AddSingleton(_board)
            .AddDbContext<CloudDb>(db => db.UseNpgsql(database.ConnectionString))
            .AddScoped<DbContext>(provider => provider.GetRequiredService<CloudDb>())
            .AddWorkflows(options, typeof(EngineTests).Assembly).BuildServiceProvider();
        _engine = await StartAsync(options);
    }

    public async Task DisposeAsync()
    {
        await _engine.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Workflows_of_one_subject_run_in_the_order_of_arrival()
    {
        var subject = AnySubject();
        _board.Gate("a");
        Guid[] ids = [await OrderAsync("a", subject), await OrderAsync("b", subject), await OrderAsync("c", subject)];
        _board.Gate("a").SetResult();
        foreach (var id in ids) (await EndAsync(id)).Phase.ShouldBe(Phase.Succeeded);
        _board.Diary.Where(d => d.StartsWith("begin", StringComparison.Ordinal)).ShouldBe(["begin a", "begin b", "begin c"]);
    }

    [Fact]
    public async Task What_overtakes_undoes_the_holder_and_goes_before_those_who_wait()
    {
        var subject = AnySubject();
        _board.Gate("holder");
        var holder = await OrderAsync("holder", subject);
        await UntilAsync(holder, row => row.Admitted);
        var waiting = await OrderAsync("waiting", subject);
        var overtaking = await OrderAsync("overtaking", subject, overtakes: true);
        await UntilAsync(holder, row => row.CancelReason is not null);
        _board.Gate("holder").SetResult();
        (await EndAsync(waiting)).Phase.ShouldBe(Phase.Succeeded);
        var row = await EndAsync(holder);
        (row.Phase, row.ErrorText).ShouldBe((Phase.Failed, "superseded by Tiny"));
        (await EndAsync(overtaking)).Phase.ShouldBe(Phase.Succeeded);
        _board.Diary.ToList().ShouldBe(
            ["begin holder", "undo holder", "begin overtaking", "finish overtaking", "begin waiting", "finish waiting"]);
    }

    [Fact]
    public async Task An_undo_that_keeps_failing_is_stuck_and_keeps_its_subject()
    {
        var subject = AnySubject();
        _board.UndoFails["stuck"] = true;
        var stuck = await OrderAsync("stuck", subject, fails: true);
        var row = await UntilAsync(stuck, w => w.Phase == Phase.Stuck);
        row.ErrorText.ShouldBe("it was told to fail Undoing Begin failed: it cannot be taken back");
        var destroy = await OrderAsync("destroy", subject, overtakes: true);
        (await EndAsync(destroy)).Phase.ShouldBe(Phase.Succeeded);
        (await EndAsync(stuck)).Phase.ShouldBe(Phase.Failed);
    }

    [Fact]
    public async Task Something_transient_is_tried_again_until_the_deadline()
    {
        (_board.Transient["soon"], _board.Transient["never"]) = (3, int.MaxValue);
        (await EndAsync(await OrderAsync("soon", AnySubject()))).Phase.ShouldBe(Phase.Succeeded);
        var never = await EndAsync(await OrderAsync("never", AnySubject()));
        (never.Phase, never.ErrorCode).ShouldBe((Phase.Failed, 530));
        never.ErrorText!.ShouldContain("Begin was given up");
    }

    [Theory]
    [InlineData("23503")]
    [InlineData("23505")]
    [InlineData("40P01")]
    public async Task A_race_that_is_lost_in_the_commit_repeats_the_step(string state)
    {
        _board.Races[state] = state;
        (await EndAsync(await OrderAsync(state, AnySubject()))).Phase.ShouldBe(Phase.Succeeded);
        _board.Diary.ShouldBe(["begin " + state, "begin " + state, "finish " + state]);
    }

    [Theory]
    [InlineData("40P01")]
    [InlineData("55P03")]
    public async Task A_race_that_is_lost_in_a_query_repeats_the_step(string state)
    {
        _board.QueryRaces["query " + state] = state;
        (await EndAsync(await OrderAsync("query " + state, AnySubject()))).Phase.ShouldBe(Phase.Succeeded);
        _board.Diary.ShouldBe(["begin query " + state, "finish query " + state]);
    }

    [Fact]
    public async Task Children_have_the_same_ids_whoever_orders_them()
    {
        var id = await OrderAsync<TinyParent>("family", []);
        (await EndAsync(id)).Phase.ShouldBe(Phase.Succeeded);
        await using var db = database.Open();
        var children = await db.Set<WorkflowRow>().Where(w => w.ParentId == id).Select(w => w.Id).ToListAsync();
        string[] states = ["""{"text":"family 1","fails":false}""", """{"text":"family 2","fails":false}"""];
        children.ShouldBe(states.Select(state => Id.Derive(id, "Both", state)), ignoreOrder: true);
    }

    [Fact]
    public async Task A_child_does_not_wait_for_who_waits_for_its_parent()
    {
        var (high, low) = (AnySubject(), AnySubject());
        _board.Gate(low.ToString());
        var parent = await OrderAsync<TinyGuardian>(low.ToString(), [high]);
        await UntilAsync(parent, row => row.Admitted);
        var both = await OrderAsync<Tiny>("both", [high, low]);
        _board.Gate(low.ToString()).SetResult();
        (await EndAsync(both)).Phase.ShouldBe(Phase.Succeeded);
        _board.Diary.ToList().ShouldBe(["begin ward", "finish ward", "begin both", "finish both"]);
    }

    [Fact]
    public async Task A_runner_whose_lease_was_stolen_commits_nothing()
    {
        _board.Gate("stolen");
        var id = await OrderAsync("stolen", AnySubject());
        await UntilAsync(id, row => row.LeaseOwner is not null);
        // The thief lives, or its leases would end at once: who holds the lock of its name is it.
        await using var thief = database.Open();
        await thief.Database.OpenConnectionAsync();
        await Leases.AnnounceAsync(thief, "thief", CancellationToken.None);
        await thief.Database.ExecuteSqlAsync($"UPDATE workflow SET fence = nextval('workflow_fence'), lease_owner = 'thief', lease_until = now() + interval '1 hour' WHERE id = {id}");
        _board.Gate("stolen").SetResult();
        await UntilAsync(id, _ => _board.Diary.Contains("begin stolen") && _engine.RunningCount == 0);
        await using var after = database.Open();
        (await after.Set<WorkflowRow>().SingleAsync(w => w.Id == id)).Step.ShouldBe("Begin");
        await Leases.FallSilentAsync(thief, CancellationToken.None);
    }

    [Fact]
    public async Task Another_engine_goes_on_when_one_is_killed()
    {
        _board.Gate("orphan");
        var id = await OrderAsync("orphan", AnySubject());
        await UntilAsync(id, row => row.LeaseOwner is not null);
        var other = await StartAsync(OptionsOf("other"));
        await _engine.KillAsync();
        _board.Gate("orphan").SetResult();
        (await EndAsync(id)).Phase.ShouldBe(Phase.Succeeded);
        await other.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_a_reconciler_orders_begins_at_once()
    {
        await _engine.StopAsync(CancellationToken.None);
        var sleeper = await StartAsync(OptionsOf("sleeper", poll: TimeSpan.FromHours(1)));
        await EndAsync(await OrderAsync("before", AnySubject()));
        await Task.Delay(500);
        var order = new Order<Tiny> { State = new Word("at once", Fails: false), Subjects = [AnySubject()], InstanceId = Guid.CreateVersion7() };
        await using (var scope = _services.CreateAsyncScope())
            (await scope.ServiceProvider.GetRequiredService<WorkflowQueue>().EnqueueUnlessPendingAsync(order, CancellationToken.None)).ShouldBeTrue();
        await using (var db = database.Open())
            await EndAsync(await db.Set<WorkflowRow>().Where(w => w.InstanceId == order.InstanceId).Select(w => w.Id).SingleAsync());
        await sleeper.StopAsync(CancellationToken.None);
    }

    private static EngineOptions OptionsOf(string owner, TimeSpan? poll = null) => new()
    {
        Owner = owner,
        Lease = TimeSpan.FromSeconds(20),
        Poll = poll ?? TimeSpan.FromMilliseconds(50),
        FirstPause = TimeSpan.FromMilliseconds(10),
        LongestPause = TimeSpan.FromMilliseconds(50),
        UndoTries = 3,
    };

    private static Subject AnySubject() => new("VirtualMachine", Id.New<EngineTests>().Value);

    private async Task<Engine> StartAsync(EngineOptions options)
    {
        var engine = new Engine(
            _services.GetRequiredService<IServiceScopeFactory>(), _services.GetRequiredService<WorkflowCatalog>(), options, TimeProvider.System,
            _services.GetRequiredService<WorkSignal>(), _services.GetRequiredService<ILoggerFactory>());
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }

    private Task<Guid> OrderAsync(string word, Subject subject, bool overtakes = false, bool fails = false) =>
        OrderAsync<Tiny>(word, [subject], overtakes, fails);

    private async Task<Guid> OrderAsync<TWorkflow>(string word, Subject[] subjects, bool overtakes = false, bool fails = false)
        where TWorkflow : Workflow
    {
        await using var scope = _services.CreateAsyncScope();
        var order = new Order<TWorkflow> { State = new Word(word, fails), Subjects = subjects, Overtakes = overtakes };
        var row = scope.ServiceProvider.GetRequiredService<WorkflowQueue>().Enqueue(order, AskedBy.Cloud);
        await scope.ServiceProvider.GetRequiredService<DbContext>().SaveChangesAsync();
        return row.Id;
    }

    private Task<WorkflowRow> EndAsync(Guid id) => UntilAsync(id, row => row.HasEnded);

    private async Task<WorkflowRow> UntilAsync(Guid id, Func<WorkflowRow, bool> holds)
    {
        await using var db = database.Open();
        for (var tries = 0; tries < 6000; tries++)
        {
            var row = await db.Set<WorkflowRow>().AsNoTracking().SingleAsync(w => w.Id == id);
            if (holds(row)) return row;
            await Task.Delay(10);
        }
        throw new TimeoutException();
    }
}
