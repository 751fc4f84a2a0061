using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A VPC that the command's commit added gets the address that its guests go out by.</summary>
internal sealed class NewVpc : Scenario<EnableVpc>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.AddVpcAsync(isNew: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vpc is null ? null : EnableVpc.For(zone.Vpc);

    public override void Check(Footprint after) => after.ShouldSay("vpc vpc Enabled", "public address of=vpc nat=True", "counted vpc PublicIp amount=1");
}
