using Stratiform.Testing;

namespace Stratiform.Management.Tests.Database;

public sealed class TestClockTests
{
    private readonly TestClock clock = new();

    [Fact]
    public void Stands_still_until_it_is_moved()
    {
        var (began, ticks) = (clock.GetUtcNow(), clock.GetTimestamp());
        clock.Advance(TimeSpan.FromHours(3));
        (clock.GetUtcNow() - began).ShouldBe(TimeSpan.FromHours(3));
        clock.GetElapsedTime(ticks).ShouldBe(TimeSpan.FromHours(3));
    }

    [Fact]
    public async Task Ends_a_delay_when_its_time_comes()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(5), clock);
        clock.Advance(TimeSpan.FromMinutes(4));
        delay.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMinutes(1));
        await delay;
        clock.Waiting.ShouldBe(0);
    }

    [Fact]
    public void Lets_timers_go_off_in_order_and_each_at_its_own_time()
    {
        List<string> seen = [];
        var began = clock.GetUtcNow();
        void Note(object? name) => seen.Add($"{name}{(clock.GetUtcNow() - began).TotalSeconds}");
        using var late = clock.CreateTimer(Note, "late", TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var often = clock.CreateTimer(Note, "often", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        clock.Advance(TimeSpan.FromSeconds(6));
        seen.ShouldBe(["often2", "often4", "late5", "often6"]);
    }

    [Fact]
    public void A_timer_that_is_disposed_or_stopped_is_silent()
    {
        var fired = 0;
        var disposed = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        using var stopped = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromMinutes(1));
        fired.ShouldBe(0);
    }
}
