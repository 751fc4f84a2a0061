using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>All of a public address leads to a guest from now on.</summary>
internal sealed class LeadToGuest : Scenario<SetStaticNat>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AcquireAddressAsync();
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone is { Address.ScopeId: not null, Nic: not null, Rule: null } ? SetStaticNat.For(zone.Address, new(zone.Nic.Id)) : null;

    public override void Check(Footprint after) => after.ShouldSay("public address leads=nic");
}
