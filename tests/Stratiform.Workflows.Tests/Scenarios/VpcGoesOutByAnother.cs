using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>Guests of a VPC go out by an address that was acquired for it, and in smaller packets.</summary>
internal sealed class VpcGoesOutByAnother : Scenario<ChangeVpc>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        await zone.AcquireAddressAsync(vpc: zone.Vpc);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Address is null || zone.Vpc is null ? null : ChangeVpc.For(zone.Vpc, new(zone.Address.Id, IsAcquired: true), publicMtu: 1400);

    public override void Check(Footprint after) => after.ShouldSay("packets out of=vpc most=1400", "public way out of=vpc chosen=address", "public address of=vpc nat=False");
}
