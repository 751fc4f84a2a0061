using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A second tier of a VPC gets a card in the router that runs for the first.</summary>
internal sealed class ImplementTier : Scenario<ImplementNetwork>
{
    public override IReadOnlyList<string> Shared => ["network", "router", "plug", "on"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Back is null ? null : ImplementNetwork.For(zone.Back);

    public override void Check(Footprint after) => after.ShouldSay("network back Implemented numbered=True", "router card plugged=router network=back", "router card plugged=router network=front");
}
