using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network without guests gets an offering whose networks wait for none.</summary>
internal sealed class BecomePersistent : Scenario<ChangeNetwork>
{
    public override IReadOnlyList<string> Shared => ["network", "router", "public", "count PublicIp", "counted net PublicIp", "plug", "reservation", "capacity", "on"];

    public override Task ArrangeAsync(SmallZone zone) => zone.ConnectHostsAsync();

    public override Order? OrderIn(SmallZone zone) => ChangeNetwork.For(zone.Network, new() { OfferingId = zone.Cloud.Offerings.Lasting.Id });

    public override void Check(Footprint after) => after.ShouldSay("made of=net by=lasting domain=cloud.internal asks=", "network net Implemented numbered=True", "router new Running on=host1");
}
