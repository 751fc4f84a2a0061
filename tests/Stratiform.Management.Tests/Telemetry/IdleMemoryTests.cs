using Stratiform.Management.Telemetry;

namespace Stratiform.Management.Tests.Telemetry;

public sealed class IdleMemoryTests
{
    [Fact]
    public void A_busy_time_is_over_once()
    {
        using var idle = new IdleMemory(TimeProvider.System);
        idle.IsOver(10 << 20).ShouldBeTrue("a start is a busy time");
        idle.IsOver(20 << 20).ShouldBeFalse();
        idle.IsOver((20 << 20) + IdleMemory.Busy).ShouldBeFalse();
        idle.IsOver((21 << 20) + IdleMemory.Busy).ShouldBeTrue();
        idle.IsOver((22 << 20) + IdleMemory.Busy).ShouldBeFalse();
    }
}
