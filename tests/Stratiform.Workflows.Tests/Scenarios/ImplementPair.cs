using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network of two routers gets what it needs for its first guest: the first of them runs, and the second is there to be started when there is a second host.</summary>
internal sealed class ImplementPair : Scenario<ImplementNetwork>
{
    public override IReadOnlyList<string> Shared => ["network", "router", "public", "count PublicIp", "counted net PublicIp", "plug", "reservation", "capacity", "on"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AskForPairAsync();
    }

    public override Order? OrderIn(SmallZone zone) => ImplementNetwork.For(zone.Network);

    public override void Check(Footprint after)
    {
        after.ShouldSay("network net Implemented numbered=True", "router new Running on=host1", "router new Stopped on=", "public address of=net nat=True");
        after.Lines.Count(line => line == "router card of=new network=net").ShouldBe(2);
    }
}
