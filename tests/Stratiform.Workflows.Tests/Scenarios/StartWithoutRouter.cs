using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A virtual machine starts in a network whose router an administrator holds: the router comes back with it.</summary>
internal sealed class StartWithoutRouter : Scenario<StartVm>
{
    public override IReadOnlyList<string> Shared => ["router", "reservation router", "capacity", "on host1: domain router", "on host1: configuration router"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.CopyTemplateAsync();
        await zone.HoldRouterAsync();
        zone.AddVm();
        await zone.GiveDiskAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : StartVm.For(zone.Vm, zone.VmSubjects, onlyHost: null);

    public override void Check(Footprint after)
    {
        after.ShouldSay("vm vm Running on=host1", "on host1: domain vm Running", "router router Running on=host1", "on host1: configuration router");
        after.ShouldNotName("held");
    }
}
