using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A router runs without a card in one of its networks, as one that booted where that network was not yet.</summary>
internal sealed class PlugCard : Scenario<PlugRouter>
{
    public override IReadOnlyList<string> Shared => ["router card"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync(pluggedIn: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : PlugRouter.For(zone.Router, zone.Network.Id);

    public override void Check(Footprint after) => after.ShouldSay("router card plugged=router network=net");
}
