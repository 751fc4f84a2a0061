using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Agent.Storage;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Reconcilers;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Images;

/// <summary>What lies in stores and has no owner goes by itself, in its time; what has one stays.</summary>
public sealed class StoreScavengingTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private const string Url = "nfs://192.0.2.1/stores/scavenged";

    [Fact]
    public async Task Orphans_go_when_they_have_rested_and_what_is_worked_on_stays()
    {
        var id = new Id<ImageStore>(Guid.Parse((await cloud.ShapeAsync(
            "imagestore", "addImageStore", ("zoneid", cloud.Zone), ("name", "scavenged"), ("provider", "NFS"), ("url", Url)))["id"]!.GetValue<string>()));
        var template = await cloud.RegisterAsync("kept", "http://images/kept.qcow2");
        await UntilAsync(() => Count() == (1, 0));
        await cloud.ShouldBeCleanAsync();
        Store.IsSlow = true;
        await cloud.RegisterAsync("coming", "http://images/coming.qcow2");
        await UntilAsync(() => Count() == (1, 1));
        var (old, fresh, part, remembered) = (Leave(11), Leave(9), LeavePart(11), LeavePart(11));
        var attempt = await RememberAsync(remembered);
        // However old it looks.
        lock (Store)
        {
            foreach (var (name, coming) in Store.Parts.ToList()) Store.Parts[name] = coming with { ChangedAt = coming.ChangedAt.AddHours(-1) };
            foreach (var (name, image) in Store.Images.Where(i => i.Key != fresh).ToList()) Store.Images[name] = image with { ChangedAt = image.ChangedAt.AddHours(-1) };
        }

        await ScavengeAsync();
        await UntilAsync(() => !Names().Contains(old) && !Names().Contains(part));
        Names().ShouldContain(fresh);
        Names().ShouldContain(remembered);
        Count().ShouldBe((2, 2));
        await using (var db = cloud.Open())
            (await Leaks()).ShouldBe([fresh.ToString()], "what a workflow remembers is in progress");

        Store.IsSlow = false;
        await EndAsync(attempt);
        lock (Store) Store.Images[fresh] = Store.Images[fresh] with { ChangedAt = TimeProvider.System.GetUtcNow().AddMinutes(-11) };
        await ScavengeAsync();
        await UntilAsync(() => Count() == (2, 0));
        await cloud.ShouldBeCleanAsync();

        // Asked for by mistake, or too late.
        Guid owned;
        await using (var db = cloud.Open())
            owned = (await db.Set<StoreImage>().FirstAsync(i => i.StoreId == id && i.TemplateId == new Id<Template>(Guid.Parse(template)))).ObjectId;
        (await RunAsync(RemoveStoreOrphan.For(id, owned))).ErrorText!.ShouldContain("belongs to a template: it stays");
        Names().ShouldContain(owned);
        await cloud.ShouldBeCleanAsync();
    }

    private FakeStore Store => cloud.Simulator.Disks.Store(Url);

    private (int Images, int Parts) Count()
    {
        lock (Store) return (Store.Images.Count, Store.Parts.Count);
    }

    private List<Guid> Names()
    {
        lock (Store) return [.. Store.Images.Keys, .. Store.Parts.Keys];
    }

    private Guid Leave(int minutes)
    {
        var id = Id.New<StoreImage>().Value;
        lock (Store) Store.Images[id] = new FakeStoreImage(new FakeSource(), TimeProvider.System.GetUtcNow().AddMinutes(-minutes));
        return id;
    }

    private Guid LeavePart(int minutes)
    {
        var id = Id.New<StoreImage>().Value;
        lock (Store) Store.Parts[id] = new FakeStorePart(Guid.Empty, 1, 1000, TimeProvider.System.GetUtcNow().AddMinutes(-minutes));
        return id;
    }

    private async Task<List<string>> Leaks() =>
        [.. ((await cloud.CallAsync("auditCloud")).ShouldBe(200).Body["audit"]!["leaks"]?.AsArray() ?? []).Select(leak => leak!["id"]!.GetValue<string>())];

    // As a transfer that gave up one worker and waits for another.
    private async Task<Guid> RememberAsync(Guid abandoned)
    {
        await using var db = cloud.Open();
        var row = new WorkflowRow
        {
            Id = Id.New<WorkflowRow>().Value,
            Kind = nameof(CopyImageToStore),
            Version = 1,
            State = $$"""{"abandoned":["{{abandoned}}"]}""",
            Step = "ImageIsInStore",
            Due = TimeProvider.System.GetUtcNow().AddHours(1),
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        db.Add(row);
        await db.SaveChangesAsync();
        return row.Id;
    }

    private async Task EndAsync(Guid workflow)
    {
        await using var db = cloud.Open();
        await db.Set<WorkflowRow>().Where(w => w.Id == workflow)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.EndedAt, TimeProvider.System.GetUtcNow()).SetProperty(w => w.Phase, Phase.Failed));
    }

    private async Task<WorkflowRow> RunAsync(Order<RemoveStoreOrphan> order)
    {
        await using (var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope())
            (await scope.ServiceProvider.GetRequiredService<WorkflowQueue>().EnqueueUnlessPendingAsync(order, CancellationToken.None)).ShouldBeTrue();
        WorkflowRow? row = null;
        await UntilAsync(() =>
        {
            using var db = cloud.Open();
            row = db.Set<WorkflowRow>().AsNoTracking().Where(w => w.Kind == nameof(RemoveStoreOrphan)).OrderByDescending(w => w.CreatedAt).First();
            return row.HasEnded;
        });
        return row!;
    }

    private async Task ScavengeAsync()
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<StoreScavenging>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 4000 && !holds(); i++) await Task.Delay(25);
        holds().ShouldBeTrue();
    }
}
