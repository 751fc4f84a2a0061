using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network gets what it needs for its first guest.</summary>
internal sealed class Implement : Scenario<ImplementNetwork>
{
    public override IReadOnlyList<string> Shared => ["network", "router", "public", "count PublicIp", "counted net PublicIp", "plug", "reservation", "capacity", "on"];

    public override Task ArrangeAsync(SmallZone zone) => zone.ConnectHostsAsync();

    public override Order? OrderIn(SmallZone zone) => ImplementNetwork.For(zone.Network);

    public override void Check(Footprint after) =>
        after.ShouldSay("network net Implemented numbered=True", "router new Running on=host1", "public address of=net nat=True");
}
