using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>Another one may come in, whom the command's commit added.</summary>
internal sealed class LetUserIn : Scenario<AdmitVpnUser>
{
    // If the router does not take it, it is removed.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AddRemoteAccessAsync(isUserKnown: false);
    }

    public override Order? OrderIn(SmallZone zone) => zone.User is null ? null : AdmitVpnUser.For(zone.User);

    public override void Check(Footprint after) => after.ShouldSay("vpn user user Active", "remote access remote of=net Running");
}
