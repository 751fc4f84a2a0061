using Stratiform.Management.SystemVms;
using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator stops a worker.</summary>
internal sealed class StopWorker : Scenario<StopSystemVm>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Worker is { } worker ? StopSystemVm.For(worker, AfterStop.Hold) : null;

    public override void Check(Footprint after) => after.ShouldSay("worker worker Stopped on= sessions=0 leaving=False held=True addressed=True");
}
