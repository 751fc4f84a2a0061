using Stratiform.Management.Compute.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A guest shut itself down.</summary>
internal sealed class GuestIsOff : Scenario<FollowShutdown>
{
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
        zone.Machines[0].Hypervisor.SetPower(zone.Vm!.Id.Value, PowerState.ShutOff);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : FollowShutdown.For(zone.Vm.Id, zone.VmSubjects);

    public override void Check(Footprint after) => after.ShouldSay("vm vm Stopped on=");
}
