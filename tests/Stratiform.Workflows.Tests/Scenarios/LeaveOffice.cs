using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A VPC is connected with an office no more.</summary>
internal sealed class LeaveOffice : Scenario<DisconnectVpn>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddVpn();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vpn is null ? null : DisconnectVpn.For(zone.Vpn);

    public override void Check(Footprint after)
    {
        after.ShouldSay("far end office at=198.51.100.9");
        after.ShouldNotName("vpn");
    }
}
