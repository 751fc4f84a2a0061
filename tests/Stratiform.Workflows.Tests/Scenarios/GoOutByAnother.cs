using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>Guests of a network go out by an address that was acquired for it.</summary>
internal sealed class GoOutByAnother : Scenario<ChangeNetwork>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.AcquireAddressAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Address is null ? null : ChangeNetwork.For(zone.Network, new() { SourceNat = new(zone.Address.Id, IsAcquired: true) });

    public override void Check(Footprint after) => after.ShouldSay("public way out of=net chosen=address", "public address of=net nat=False");
}
