namespace Stratiform.Workflows.Tests.Engines;

public sealed class EngineOptionsTests
{
    private static readonly EngineOptions Options = new() { Owner = "test" };

    [Fact]
    public void A_condition_that_took_long_is_noticed_within_a_tenth_of_that()
    {
        var (waited, attempt) = (TimeSpan.Zero, 0);
        while (waited < TimeSpan.FromMinutes(1))
        {
            var pause = Options.PauseAfter(attempt++, waited);
            pause.ShouldBeLessThanOrEqualTo(TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond, waited.Ticks / 10)));
            pause.ShouldBeLessThanOrEqualTo(Options.LongestPause);
            waited += pause;
        }
        // Asking costs: it is not done at a fixed short distance either.
        attempt.ShouldBeLessThan(40);
    }

    [Fact]
    public void At_first_a_condition_is_asked_as_often_as_a_failed_step_is_tried() =>
        Enumerable.Range(0, 4).ShouldAllBe(n => Options.PauseAfter(n, TimeSpan.FromSeconds(1)) == Options.PauseAfter(n));
}
