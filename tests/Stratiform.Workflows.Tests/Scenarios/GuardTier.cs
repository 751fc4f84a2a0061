using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>Another ACL list guards a tier from now on.</summary>
internal sealed class GuardTier : Scenario<ReplaceAcl>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddAcl();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Acl is null ? null : ReplaceAcl.For(zone.Front!, zone.Acl.Id);

    public override void Check(Footprint after) => after.ShouldSay("guard of=front by=list");
}
