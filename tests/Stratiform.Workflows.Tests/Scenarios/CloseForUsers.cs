using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>Users may come into a network no more; they stay users.</summary>
internal sealed class CloseForUsers : Scenario<CloseRemoteAccess>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AddRemoteAccessAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Remote is null ? null : CloseRemoteAccess.For(zone.Remote);

    public override void Check(Footprint after)
    {
        after.ShouldSay("vpn user user Active");
        after.ShouldNotName("remote");
    }
}
