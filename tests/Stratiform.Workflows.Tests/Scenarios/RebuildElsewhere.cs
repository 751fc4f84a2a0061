using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network's router is built anew on another host, where its network has to be plugged in first.</summary>
internal sealed class RebuildElsewhere : Scenario<RebuildRouter>
{
    public override int Hosts => 2;

    public override IReadOnlyList<string> Shared =>
    [
        "router router Running", "router rebuilt=router", "twin of=router is=router", "on host1: configuration", "on host1: domain", "on host2:",
        "plug", "reservation", "capacity",
    ];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
        zone.CloseFirstHost();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : RebuildRouter.For(zone.Router, [zone.Network.Id]);

    public override void Check(Footprint after)
    {
        after.ShouldSay("router router Running on=host2", "on host2: domain new Running", "on host2: configuration new", "router card plugged=router network=net");
        after.ShouldNotName("twin");
    }
}
