using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A rule of an ACL list changes, and one more comes behind it.</summary>
internal sealed class ChangeRules : Scenario<ChangeAcl>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddAcl();
    }

    public override Order? OrderIn(SmallZone zone) => zone.AclRule is null ? null : ChangeAcl.For(zone.Acl!, new()
    {
        About = zone.AclRule.Id,
        Put = [new(zone.AclRule.Id, SmallZone.Allowing(7, 443)), .. AclChange.OfNew(SmallZone.Allowing(0, 80)).Put],
    });

    public override void Check(Footprint after) => after.ShouldSay("acl rule item of=list number=7 Allow port=443", "acl rule new of=list number=2 Allow port=80");
}
