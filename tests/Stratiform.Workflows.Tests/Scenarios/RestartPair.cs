using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>Both routers of a network are built anew, one after the other.</summary>
internal sealed class RestartPair : Scenario<RestartNetwork>
{
    public override int Hosts => 2;

    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementPairAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Second is null ? null : RestartNetwork.For(zone.Network, cleanup: true);

    public override void Check(Footprint after) => after.Lines
        .Where(line => line.StartsWith("router router Running on=host", StringComparison.Ordinal) || line.StartsWith("router second Running on=host", StringComparison.Ordinal))
        .Select(line => line[^1]).Distinct().Count().ShouldBe(2);
}
