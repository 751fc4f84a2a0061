using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A rule goes out of an ACL list.</summary>
internal sealed class TakeRuleOut : Scenario<ChangeAcl>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddAcl();
    }

    public override Order? OrderIn(SmallZone zone) => zone.AclRule is null ? null : ChangeAcl.For(zone.Acl!, new() { About = zone.AclRule.Id, Remove = [zone.AclRule.Id] });

    public override void Check(Footprint after) => after.ShouldNotName("item");
}
