using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>One of two routers boots anew, of another offering.</summary>
internal sealed class RemakeSecond : Scenario<StopRouter>
{
    private static readonly RouterMake Large = RouterMake.BuiltIn with { OfferingId = Guid.AllBitsSet, MemoryMib = 256 };

    public override int Hosts => 2;

    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.ImplementPairAsync();
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Second is null ? null : StopRouter.ToMake(zone.Second, [zone.Network.Id], Large);

    public override void Check(Footprint after) => after.ShouldSay("router router Running on=host1", "router second Running on=host2", "router large=second");
}
