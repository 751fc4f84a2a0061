using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A virtual machine starts with an ISO in its drive that its pool has yet to get.</summary>
internal sealed class StartWithDisc : Scenario<StartVm>
{
    public override IReadOnlyList<string> Shared => ["copy", "on", "template"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.InsertIsoAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : StartVm.For(zone.Vm, zone.VmSubjects, onlyHost: null);

    public override void Check(Footprint after) =>
        after.ShouldSay("drive of=vm wants=iso", "disc in=vm image=disc", "vm vm Running on=host1", "on host1: domain vm Running");
}
