using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A network's router is built anew of another offering.</summary>
internal sealed class RebuildLarger : RebuildBeside
{
    private static readonly RouterMake Large = RouterMake.BuiltIn with { OfferingId = Guid.AllBitsSet, MemoryMib = 256 };

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : RebuildRouter.For(zone.Router, [zone.Network.Id], Large);

    public override void Check(Footprint after)
    {
        base.Check(after);
        after.ShouldSay("router large=router");
    }
}
