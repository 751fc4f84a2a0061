using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template comes to a pool.</summary>
internal sealed class CopyTemplate : Scenario<CopyImageToPool>
{
    // What was learnt of the template stays true.
    public override IReadOnlyList<string> Shared => ["template"];

    public override Task ArrangeAsync(SmallZone zone) => zone.ConnectHostsAsync();

    public override Order? OrderIn(SmallZone zone) => CopyImageToPool.For(zone.Template.Id, zone.Pool.Id, zone.Hosts[0].Id);

    public override void Check(Footprint after) => after.ShouldSay("copy copy ready=True", "on pool: image copy", "template template Ready");
}
