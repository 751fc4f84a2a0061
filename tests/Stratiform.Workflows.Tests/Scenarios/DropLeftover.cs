using Stratiform.Management.Audit;
using Stratiform.Management.Audit.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator has a disk removed that nobody owns; the one beside it stays.</summary>
internal sealed class DropLeftover : Scenario<RemoveLeftover>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.CopyTemplateAsync();
        zone.AddVm();
        await zone.GiveDiskAsync();
        await zone.LeaveDiskAsync();
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Leftover is { } leftover ? RemoveLeftover.FromPool(zone.Pool.Id, LeakKinds.Volume, leftover) : null;

    public override void Check(Footprint after)
    {
        after.ShouldNotName("leftover");
        after.ShouldSay("on pool: volume root");
    }
}
