using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A new virtual machine of a living network, on a host that the network is not on yet.</summary>
internal sealed class StartElsewhere : Scenario<StartVm>
{
    public override int Hosts => 2;

    // One that never had its disks ends in Error.
    public override IReadOnlyList<string> Shared => ["vm", "plug", "on host2: network"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.CopyTemplateAsync();
        await zone.ImplementNetworkAsync();
        zone.AddVm();
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone.Vm is null || zone.Hosts.Count < 2 ? null : StartVm.For(zone.Vm, zone.VmSubjects, zone.Hosts[1].Id);

    public override void Check(Footprint after) => after.ShouldSay("vm vm Running on=host2", "on host2: domain vm Running", "on host2: network net");
}
