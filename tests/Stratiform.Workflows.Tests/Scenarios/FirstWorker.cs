using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A zone has its first store, and no worker yet.</summary>
internal sealed class FirstWorker : Scenario<ScaleWorkers>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync(withWorker: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Store is null ? null : ScaleWorkers.For(zone.Zone.Id);

    public override void Check(Footprint after) => after.ShouldSay("worker new Stopped on= sessions=0 leaving=False held=False addressed=False");
}
