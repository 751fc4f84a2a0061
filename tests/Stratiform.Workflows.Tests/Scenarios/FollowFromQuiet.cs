using Stratiform.Management.Networking.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A portable address leaves a VPC that has no router yet for a stopped guest of a network whose router an administrator keeps off.</summary>
internal sealed class FollowFromQuiet : Scenario<TransferAddress>
{
    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.CopyTemplateAsync();
        await zone.HoldRouterAsync();
        zone.AddVm();
        await zone.GiveDiskAsync();
        await zone.AddVpcAsync();
        await zone.AcquirePortableAsync();
    }

    public override Order? OrderIn(SmallZone zone) =>
        zone is { Address: { IsPortable: true, ScopeId: not null }, Nic: not null } ? TransferAddress.For(zone.Address, zone.Network, new(zone.Nic.Id)) : null;

    public override void Check(Footprint after) => after.ShouldSay("portable address=address of=net", "public address leads=nic", "router router Stopped on=");
}
