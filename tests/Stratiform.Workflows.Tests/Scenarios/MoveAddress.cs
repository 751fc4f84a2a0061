using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A stopped virtual machine gets another address.</summary>
internal sealed class MoveAddress : Scenario<SetNicAddress>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Nic?.NetworkId == zone.Network.Id ? SetNicAddress.For(zone.Vm!, zone.Nic, SmallZone.OtherIp) : null;

    public override void Check(Footprint after) => after.ShouldSay("moved nic");
}
