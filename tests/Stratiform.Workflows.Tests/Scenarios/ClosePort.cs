using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A port of a public address leads to a guest no more.</summary>
internal sealed class ClosePort : Scenario<RevokeRules>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AcquireAddressAsync();
        zone.AddForwarding();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Rule is null ? null : RevokeRules.For([zone.Rule]);

    public override void Check(Footprint after)
    {
        after.ShouldSay("public address of=net nat=False");
        after.ShouldNotName("PortForwarding");
    }
}
