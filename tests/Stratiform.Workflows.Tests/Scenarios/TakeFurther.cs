using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The card of a running virtual machine gets a further address.</summary>
internal sealed class TakeFurther : Scenario<AddNicAddress>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone is { Nic: not null, Further: null } && zone.Nic.NetworkId == zone.Network.Id
        ? AddNicAddress.For(zone.Vm!, zone.Nic, Id.New<NicAddress>(), SmallZone.OtherIp) : null;

    public override void Check(Footprint after) => after.ShouldSay("further new of=nic", "card nic plugged=vm");
}
