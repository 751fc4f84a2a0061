using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A tier of a VPC that was not started brings the address that all tiers go out by.</summary>
internal sealed class ImplementFirstTier : Scenario<ImplementNetwork>
{
    // The address is the VPC's from then on.
    public override IReadOnlyList<string> Shared => ["network", "router", "plug", "on", "public address of=vpc", "count PublicIp", "counted vpc PublicIp"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync(isNew: true);
        await zone.AddTiersAsync(withBack: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Back is null ? null : ImplementNetwork.For(zone.Back);

    public override void Check(Footprint after) => after.ShouldSay("public address of=vpc nat=True", "counted vpc PublicIp amount=1", "network back Implemented numbered=True");
}
