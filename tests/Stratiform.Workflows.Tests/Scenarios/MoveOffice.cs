using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An office that a VPC is connected with moves to another address.</summary>
internal sealed class MoveOffice : Scenario<ChangeVpnPeer>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddVpn();
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Office is null ? null : ChangeVpnPeer.For(zone.Office, zone.Office.Peer with { Gateway = "198.51.100.10" });

    public override void Check(Footprint after) => after.ShouldSay("far end office at=198.51.100.10");
}
