using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A running network gets one more public address, which the command's commit gave it.</summary>
internal sealed class AcquireOne : Scenario<AcquireAddress>
{
    // If it cannot be served it is given back.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
        await zone.AcquireAddressAsync(isKnown: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Address is { ScopeId: not null } address ? AcquireAddress.For(address) : null;

    public override void Check(Footprint after) => after.ShouldSay("public address of=net nat=False", "counted address PublicIp amount=1");
}
