using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>What comes to an address of a tier, which nobody uses yet, is spread among guests of another, by a rule that the command's commit added.</summary>
internal sealed class SpreadWithin : Scenario<OpenInternalBalancer>
{
    // If the router does not take it, it is removed.
    public override bool TakesAway => true;

    public override IReadOnlyList<string> Shared => ["network", "router", "plug", "on"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddInternalBalancer();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Inner is null ? null : OpenInternalBalancer.For(zone.Inner, zone.Back!);

    public override void Check(Footprint after) => after.ShouldSay(
        "rule InternalBalancing Active leads= port=8080", "balancer within=back ip=10.2.2.9",
        "network back Implemented numbered=True", "router card plugged=router network=back");
}
