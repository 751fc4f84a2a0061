using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A zone's only worker has another size than workers should have: it stays, and one of the right size comes.</summary>
internal sealed class OutdatedWorker : Scenario<ScaleWorkers>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        zone.Worker!.TakeSize(zone.Cloud.Offerings.Size);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Store is null ? null : ScaleWorkers.For(zone.Zone.Id);

    public override void Check(Footprint after) => after.ShouldSay(
        "worker worker Running on=host1 sessions=0 leaving=False held=False addressed=True",
        "worker new Stopped on= sessions=0 leaving=False held=False addressed=False");
}
