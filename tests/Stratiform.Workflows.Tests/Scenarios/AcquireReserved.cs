using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A running network gets a public address that its account had reserved.</summary>
internal sealed class AcquireReserved : Scenario<AcquireAddress>
{
    // If it cannot be served it is reserved again.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
        await zone.AcquireAddressAsync(isKnown: false, isReserved: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Address is { ScopeId: not null } address ? AcquireAddress.For(address) : null;

    public override void Check(Footprint after) => after.ShouldSay("public address of=net nat=False", "public address reserved=address", "counted address PublicIp amount=1");
}
