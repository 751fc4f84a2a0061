using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A worker boots for the first time.</summary>
internal sealed class BootWorker : Scenario<StartSystemVm>
{
    // Addresses stay with it until it is removed.
    public override IReadOnlyList<string> Shared => ["worker"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync(withWorker: false);
        zone.AddWorker();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Worker is { } worker ? StartSystemVm.For(worker) : null;

    public override void Check(Footprint after) => after.ShouldSay("worker worker Running on=host1 sessions=0 leaving=False held=False addressed=True", "on host1: worker worker", "worker address of=worker");
}
