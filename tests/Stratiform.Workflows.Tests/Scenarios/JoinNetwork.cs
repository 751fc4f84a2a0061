using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A running virtual machine of another network gets a card with an address, and is told more than that.</summary>
internal sealed class JoinNetwork : Scenario<AddNic>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync(aside: true);
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Nic is not null && zone.Nic.NetworkId == zone.Side.Id ? AddNic.For(zone.Vm!, zone.Network, SmallZone.OtherIp, options: [new(66, "boot")]) : null;

    public override void Check(Footprint after) => after.ShouldSay("told new option=66", "nic new addressed=True", "moved new", "card new plugged=vm", "vm vm Running on=host1");
}
