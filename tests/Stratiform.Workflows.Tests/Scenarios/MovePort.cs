using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A port that led to another one of the guest; the command's commit changed the rule.</summary>
internal sealed class MovePort : Scenario<ApplyRules>
{
    // If the router does not take it, the port leads where it led.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AcquireAddressAsync();
        zone.AddForwarding(isActive: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Rule is null ? null : ApplyRules.For(zone.Rule, new RuleTarget(new(zone.Nic!.Id), 8080, 8080));

    public override void Check(Footprint after) => after.ShouldSay("rule PortForwarding Active leads=nic port=80");
}
