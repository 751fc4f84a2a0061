using Microsoft.Extensions.DependencyInjection;
using Stratiform.Agent.Storage;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>An operator moves what an image store has to another.</summary>
internal sealed class EmptyStore : Scenario<MigrateStore>
{
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<SmallZone, WorkflowRow> _moves = [];

    // What has moved has moved.
    public override bool TakesAway => true;

    public override async Task ArrangeAsync(SmallZone zone)
    {
        await zone.ConnectHostsAsync();
        await zone.AddStoreAsync(withAnother: true);
        await zone.StoreTemplateAsync();
        zone.Cloud.Hosts.Disks.Sources[zone.Template.Url] = new FakeSource(IsMissing: true);
        await zone.Db.SaveChangesAsync();
        await using var scope = zone.Cloud.Scope();
        var order = MoveImage.For(zone.Template.Id, zone.Store!.Id, zone.OtherStore!.Id);
        _moves.Add(zone, scope.ServiceProvider.GetRequiredService<WorkflowQueue>().Enqueue(order, AskedBy.Cloud));
        await scope.ServiceProvider.GetRequiredService<Microsoft.EntityFrameworkCore.DbContext>().SaveChangesAsync();
    }

    public override Order? OrderIn(SmallZone zone) => zone.Store is { } store
        ? MigrateStore.For(store, "Complete", _moves.TryGetValue(zone, out var move) ? [move.Id] : [], [])
        : null;

    public override void Check(Footprint after) => after.ShouldSay("original twin ready=True", "in store: image twin");
}
