using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A public address leads to its guest no more, and what it let in for it is closed.</summary>
internal sealed class LeadNowhere : Scenario<SetStaticNat>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AcquireAddressAsync();
        zone.AddStaticNat();
    }

    public override Order? OrderIn(SmallZone zone) => zone is { Address.StaticNatNicId: not null } ? SetStaticNat.For(zone.Address, to: null) : null;

    public override void Check(Footprint after)
    {
        after.ShouldSay("public address of=net nat=False");
        after.ShouldNotName("Firewall");
        after.ShouldNotName("leads");
    }
}
