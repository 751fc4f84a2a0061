using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network comes to one more host.</summary>
internal sealed class Plug : Scenario<PlugNetwork>
{
    public override int Hosts => 2;

    // A host that was told of it keeps it for the next guest.
    public override IReadOnlyList<string> Shared => ["plug", "on host2: network"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Hosts.Count < 2 ? null : PlugNetwork.For(zone.Network.Id, zone.Hosts[1].Id);

    public override void Check(Footprint after) => after.ShouldSay("plug net on=host2 ready=True", "on host2: network net");
}
