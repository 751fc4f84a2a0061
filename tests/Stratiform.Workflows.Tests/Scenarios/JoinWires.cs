using Stratiform.Management.Compute.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A running virtual machine gets a card in a network of layer 2 that nobody uses yet.</summary>
internal sealed class JoinWires : Scenario<AddNic>
{
    // The network stays for the next guest.
    public override IReadOnlyList<string> Shared => ["network", "plug", "on"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.FillAsync();
        await zone.RunVmAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone is { Vm: not null, SideNic: null } ? AddNic.For(zone.Vm, zone.Side) : null;

    public override void Check(Footprint after) => after.ShouldSay("nic new addressed=False", "card new plugged=vm", "network side Implemented numbered=True", "vm vm Running on=host1");
}
