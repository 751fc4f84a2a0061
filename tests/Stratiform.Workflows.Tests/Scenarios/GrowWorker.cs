using Stratiform.Management.Infrastructure;
using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator gives a worker another size; its zone is disabled and can do without it.</summary>
internal sealed class GrowWorker : Scenario<ScaleSystemVm>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        zone.Zone.AllocationState = AllocationState.Disabled;
    }

    public override Order? OrderIn(SmallZone zone) => zone is { Worker: { } worker, Zone.AllocationState: AllocationState.Disabled } ? ScaleSystemVm.For(worker, zone.Cloud.Offerings.Size) : null;

    public override void Check(Footprint after) => after.ShouldSay(
        "worker worker Running on=host1 sessions=0 leaving=False held=False addressed=True", "on host1: worker worker", "worker of another size=worker chosen=True");
}
