using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>One who was let in is let in no more.</summary>
internal sealed class KeepUserOut : Scenario<ExcludeVpnUser>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        await zone.AddRemoteAccessAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.User is null ? null : ExcludeVpnUser.For(zone.User);

    public override void Check(Footprint after)
    {
        after.ShouldSay("remote access remote of=net Running");
        after.ShouldNotName("vpn user");
    }
}
