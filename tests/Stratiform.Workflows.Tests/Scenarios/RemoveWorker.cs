using Stratiform.Management.SystemVms;
using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A worker is not needed any more.</summary>
internal sealed class RemoveWorker : Scenario<StopSystemVm>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Worker is { } worker ? StopSystemVm.For(worker, AfterStop.Remove) : null;

    public override void Check(Footprint after) => after.ShouldNotName("worker");
}
