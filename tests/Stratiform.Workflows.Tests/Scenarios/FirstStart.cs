using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>The first virtual machine of a network: network, router, copy of the template and disk come into being.</summary>
internal sealed class FirstStart : Scenario<StartVm>
{
    // One that never had its disks ends in Error.
    public override IReadOnlyList<string> Shared => ["vm", "network", "router", "public", "count PublicIp", "counted net PublicIp", "plug", "copy", "template", "on", "reservation", "capacity"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        zone.AddVm();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Vm is null ? null : StartVm.For(zone.Vm, zone.VmSubjects, onlyHost: null);

    public override void Check(Footprint after) =>
        after.ShouldSay("vm vm Running on=host1", "on host1: domain vm Running", "network net Implemented numbered=True", "nic nic addressed=True");
}
