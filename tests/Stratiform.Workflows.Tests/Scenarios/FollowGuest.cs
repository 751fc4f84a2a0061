using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A portable address leaves a VPC, whose router runs, for a running guest of a network.</summary>
internal sealed class FollowGuest : Scenario<TransferAddress>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        await zone.AcquirePortableAsync();
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone is { Address: { IsPortable: true, ScopeId: not null }, Nic: not null } ? TransferAddress.For(zone.Address, zone.Network, new(zone.Nic.Id)) : null;

    public override void Check(Footprint after)
    {
        after.ShouldSay("portable address=address of=net", "public address leads=nic", "public address of=vpc nat=True", "counted address PublicIp amount=1");
        after.ShouldNotName("leaves");
    }
}
