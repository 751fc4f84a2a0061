using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A port of a public address leads to a guest from now on, by a rule that the command's commit added.</summary>
internal sealed class ForwardPort : Scenario<ApplyRules>
{
    // If the router does not take it, it is removed.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AcquireAddressAsync();
        zone.AddForwarding(isActive: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Rule is null ? null : ApplyRules.For([zone.Rule]);

    public override void Check(Footprint after) => after.ShouldSay("rule PortForwarding Active leads=nic port=80");
}
