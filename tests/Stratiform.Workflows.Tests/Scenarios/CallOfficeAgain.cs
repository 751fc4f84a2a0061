using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A VPC's connection with an office begins anew.</summary>
internal sealed class CallOfficeAgain : Scenario<ResetVpn>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddVpcAsync();
        await zone.AddTiersAsync(withBack: false);
        zone.AddVpn();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vpn is null ? null : ResetVpn.For(zone.Vpn);

    public override void Check(Footprint after) => after.ShouldSay("vpn begun anew=vpn", "vpn vpn of=vpc with=office Connecting leaving=False");
}
