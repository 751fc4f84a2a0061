using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template was registered.</summary>
internal sealed class NewTemplate : Scenario<CheckTemplate>
{
    public override IReadOnlyList<string> Shared => ["template", "copy", "on pool: image"];

    public override Task ArrangeAsync(SmallZone zone) => zone.ConnectHostsAsync();

    public override Order? OrderIn(SmallZone zone) => CheckTemplate.For(zone.Template);

    public override void Check(Footprint after) => after.ShouldSay("copy copy ready=True", "template template Ready");
}
