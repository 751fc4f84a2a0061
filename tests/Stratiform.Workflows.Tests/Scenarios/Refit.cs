using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network gets another offering, another search domain and name servers of its own, while it serves.</summary>
internal sealed class Refit : Scenario<ChangeNetwork>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementNetworkAsync();
    }

    public override Order? OrderIn(SmallZone zone) => ChangeNetwork.For(zone.Network, new()
    {
        OfferingId = zone.Cloud.Offerings.Lasting.Id,
        NetworkDomain = "refit.example",
        NameServers = ["192.0.2.53"],
    });

    public override void Check(Footprint after) =>
        after.ShouldSay("made of=net by=lasting domain=refit.example asks=192.0.2.53", "on host1: configuration router");
}
