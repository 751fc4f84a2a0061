using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>Users may come into a network by a VPN that the command's commit added.</summary>
internal sealed class OpenForUsers : Scenario<OpenRemoteAccess>
{
    // If the router does not take it, it is removed.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AddRemoteAccessAsync(isVpnKnown: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Remote is null ? null : OpenRemoteAccess.For(zone.Remote);

    public override void Check(Footprint after) => after.ShouldSay("remote access remote of=net Running");
}
