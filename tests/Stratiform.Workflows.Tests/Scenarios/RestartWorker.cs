using Stratiform.Management.SystemVms;
using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator reboots a worker.</summary>
internal sealed class RestartWorker : Scenario<StopSystemVm>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Worker is { } worker ? StopSystemVm.For(worker, AfterStop.Restart) : null;

    public override void Check(Footprint after) => after.ShouldSay("worker worker Running on=host1 sessions=0 leaving=False held=False addressed=True", "on host1: worker worker");
}
