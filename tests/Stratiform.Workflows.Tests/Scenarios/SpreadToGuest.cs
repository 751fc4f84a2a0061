using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A guest becomes a member of a load balancer, which chooses otherwise from now on and knows its clients again.</summary>
internal sealed class SpreadToGuest : Scenario<ChangeBalancer>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AcquireAddressAsync();
        zone.AddBalancer();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Rule is null ? null : ChangeBalancer.For(zone.Rule, new()
    {
        Assign = [zone.Nic!.Id],
        Algorithm = BalancerAlgorithm.LeastConn,
        Sticks = true,
        Stickiness = new(Id.New<StickinessPolicy>(), "sticky", "", StickyMethod.LbCookie, new Dictionary<string, string>()),
    });

    public override void Check(Footprint after) =>
        after.ShouldSay("balancer of=rule LeastConn", "member of=rule card=nic", "policy of=rule LbCookie");
}
