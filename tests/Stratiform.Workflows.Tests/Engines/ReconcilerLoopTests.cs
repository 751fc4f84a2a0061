using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Testing;

namespace Stratiform.Workflows.Tests.Engines;

/// <summary>What the loop promises to reconcilers.</summary>
public sealed class ReconcilerLoopTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_slow_duty_holds_up_no_other_and_runs_again_when_it_was_nudged_meanwhile()
    {
        var diary = new DutyDiary();
        var options = new EngineOptions { Owner = Id.New<ReconcilerLoopTests>().ToString(), Poll = TimeSpan.FromMilliseconds(20) };
        await using var services = new ServiceCollection().AddLogging().AddSingleton(diary)
            .AddDbContext<CloudDb>(db => db.UseNpgsql(database.ConnectionString))
            .AddScoped<DbContext>(provider => provider.GetRequiredService<CloudDb>())
            .AddWorkflows(options, typeof(ReconcilerLoopTests).Assembly).BuildServiceProvider();
        using var loop = ActivatorUtilities.CreateInstance<ReconcilerLoop>(services);
        await loop.StartAsync(CancellationToken.None);
        await UntilAsync(() => diary.Slow == 1 && diary.Quick >= 3);
        await using (var scope = services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<Duties>().NudgeAsync<SlowDuty>(CancellationToken.None);
        await UntilAsync(() => diary.Quick >= 6);
        diary.Slow.ShouldBe(1, "it is under way");
        diary.Gate.SetResult();
        await UntilAsync(() => diary.Slow == 2);
        await loop.StopAsync(CancellationToken.None);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; !holds(); i++)
        {
            i.ShouldBeLessThan(1000);
            await Task.Delay(20);
        }
    }

    /// <summary>What ran how often.</summary>
    internal sealed class DutyDiary
    {
        private int _slow;
        private int _quick;

        public TaskCompletionSource Gate { get; } = new();
        public int Slow => _slow;
        public int Quick => _quick;

        public void NoteSlow() => Interlocked.Increment(ref _slow);

        public void NoteQuick() => Interlocked.Increment(ref _quick);
    }

    /// <summary>Ends when it is let go.</summary>
    internal sealed class SlowDuty(DutyDiary diary) : IReconciler
    {
        public TimeSpan Interval => TimeSpan.FromHours(1);

        public async Task ReconcileAsync(CancellationToken ct)
        {
            diary.NoteSlow();
            await diary.Gate.Task.WaitAsync(ct);
        }
    }

    /// <summary>Is due again at once.</summary>
    internal sealed class QuickDuty(DutyDiary diary) : IReconciler
    {
        public TimeSpan Interval => TimeSpan.FromMilliseconds(10);

        public Task ReconcileAsync(CancellationToken ct)
        {
            diary.NoteQuick();
            return Task.CompletedTask;
        }
    }
}
