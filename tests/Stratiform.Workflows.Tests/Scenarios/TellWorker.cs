using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The stores of a running worker have changed.</summary>
internal sealed class TellWorker : Scenario<SetUpSystemVm>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Worker is { } worker ? SetUpSystemVm.For(worker) : null;

    public override void Check(Footprint after) => after.ShouldSay("worker worker Running on=host1 sessions=0 leaving=False held=False addressed=True");
}
