using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A public address is given back while a port of it leads to a running guest.</summary>
internal sealed class ReleaseOne : Scenario<ReleaseAddress>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AcquireAddressAsync();
        zone.AddForwarding();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Address is { ScopeId: not null } address ? ReleaseAddress.For(address) : null;

    public override void Check(Footprint after)
    {
        after.ShouldSay("vm vm Running on=host1", "public address of=net nat=True");
        after.ShouldNotName("rule");
        after.ShouldNotName("address=False");
        after.ShouldNotName("PortForwarding");
    }
}
