using Stratiform.Agent.Storage;
using Stratiform.Workflows.Tests.Cloud;
using CopyToZone = Stratiform.Management.Images.Workflows.CopyTemplate;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A template is copied to another zone.</summary>
internal sealed class TemplateForZone : Scenario<CopyToZone>
{
    // The row that the command wrote goes again, and what came with it is collected.
    public override IReadOnlyList<string> Shared => ["template", "counted template", "count Template", "original", "in store: image"];

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.AddZoneAsync();
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync();
        zone.Cloud.Hosts.Disks.Sources[zone.Template.Url] = new FakeSource(IsMissing: true);
    }

    public override Order? OrderIn(SmallZone zone) => zone.Elsewhere is { } elsewhere ? CopyToZone.For(zone.Template.Id, elsewhere.Template.Id) : null;

    public override void Check(Footprint after) =>
        after.ShouldSay("original original ready=True", "in store: image original", "template template Ready");
}
