using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template was registered in a zone with an image store.</summary>
internal sealed class NewTemplateInStore : Scenario<CheckTemplate>
{
    public override IReadOnlyList<string> Shared => ["template", "original", "in store: image"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Store is null ? null : CheckTemplate.For(zone.Template);

    public override void Check(Footprint after)
    {
        after.ShouldSay("original original ready=True", "template template Ready");
        after.ShouldNotName("copy");
    }
}
