using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A router that an administrator stopped is started; what fails leaves it held.</summary>
internal sealed class StartHeldRouter : Scenario<StartRouter>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.HoldRouterAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Router is null ? null : StartRouter.For(zone.Router, [zone.Network.Id]);

    public override void Check(Footprint after)
    {
        after.ShouldSay("router router Running on=host1", "on host1: configuration router");
        after.ShouldNotName("held");
    }
}
