using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>Larger packets fit through a network than its router's card was made for, and smaller ones go out of it.</summary>
internal sealed class Widen : Scenario<ChangeNetwork>
{
    // The new router stays, and the room on its host.
    public override IReadOnlyList<string> Shared =>
    [
        "router rebuilt=router", "plug has room", "twin of=router is=router", "on host1: domain", "on host1: configuration", "reservation", "capacity",
    ];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => ChangeNetwork.For(zone.Network, new() { Mtu = 8000, PublicMtu = 1400 });

    public override void Check(Footprint after) =>
        after.ShouldSay("packets in=net most=8000", "packets out of=net most=1400", "plug has room in=net on=host1 most=8000", "router rebuilt=router", "on host1: domain new Running");
}
