using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A VPC is connected with an office, by a connection that the command's commit added.</summary>
internal sealed class JoinOffice : Scenario<ConnectVpn>
{
    // If the router does not take it, it is removed.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddVpn(isKnown: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vpn is null ? null : ConnectVpn.For(zone.Vpn);

    public override void Check(Footprint after) => after.ShouldSay("vpn vpn of=vpc with=office Connecting leaving=False");
}
