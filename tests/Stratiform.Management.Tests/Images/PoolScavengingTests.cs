using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Reconcilers;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Storage;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Images;

/// <summary>Copies on pools that nothing needs go, if they can come again: in their time, or at once where room runs short.</summary>
public sealed class PoolScavengingTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task Unused_copies_go_in_their_time_or_under_pressure_and_the_last_one_stays()
    {
        // It was registered before its zone had a store.
        var network = await cloud.NetworkAsync("spare");
        var first = await DeployAsync(network, cloud.Template);
        await cloud.ShapeAsync("imagestore", "addImageStore", ("zoneid", cloud.Zone), ("name", "spare"), ("provider", "NFS"), ("url", "nfs://192.0.2.1/stores/spare"));
        var template = await cloud.RegisterAsync("spare", "http://images/spare.qcow2");
        var second = await DeployAsync(network, template);
        await SetAsync("storage.cleanup.delay", 1);
        await CollectAsync();
        await Task.Delay(1100);
        await CollectAsync();
        (await CopyAsync(template)).ShouldNotBeNull("a disk is a clone of it").UnusedSince.ShouldBeNull();

        await SetAsync("storage.cleanup.delay", 3600);
        foreach (var vm in new[] { first, second }) await DestroyAsync(vm);
        await CollectAsync();
        (await CopyAsync(template)).ShouldNotBeNull("not yet").UnusedSince.ShouldNotBeNull();
        (await CopyAsync(cloud.Template)).ShouldNotBeNull().UnusedSince.ShouldNotBeNull();
        await SetAsync("storage.cleanup.delay", 1);
        await SetAsync("storage.template.cleanup.enabled", "false");
        await Task.Delay(1100);
        await CollectAsync();
        await SetAsync("storage.template.cleanup.enabled", "true");
        await SetAsync("storage.cleanup.enabled", "false");
        await CollectAsync();
        await Task.Delay(300);
        (await CopyAsync(template)).ShouldNotBeNull("it is switched off");
        await SetAsync("storage.cleanup.enabled", "true");
        await GoneAsync(template);
        (await CopyAsync(cloud.Template)).ShouldNotBeNull("it is all there is of the template").Ready.ShouldBeTrue();
        await cloud.ShouldBeCleanAsync();

        await SetAsync("storage.cleanup.delay", 3600);
        var third = await DeployAsync(network, template);
        (await CopyAsync(template)).ShouldNotBeNull("it came again").UnusedSince.ShouldBeNull();
        await FillAsync(0.9);
        (await cloud.JobAsync("deployVirtualMachine", ("zoneid", cloud.Zone), ("templateid", template), ("serviceofferingid", cloud.Small), ("networkids", network)))
            ["jobstatus"]!.GetValue<int>().ShouldBe(2, "the pool is too full for more disks");
        await CollectAsync();
        await Task.Delay(300);
        (await CopyAsync(template)).ShouldNotBeNull("it is in use, however full the pool is").Ready.ShouldBeTrue();
        await DestroyAsync(third);
        await DestroyAsync((await cloud.ShapeAsync("virtualmachine", "listVirtualMachines", ("state", "Error")))["id"]!.GetValue<string>());
        await GoneAsync(template, used: 0.9);
        (await CopyAsync(cloud.Template)).ShouldNotBeNull();
        await FillAsync(0);
        foreach (var name in new[] { "storage.cleanup.delay", "storage.cleanup.enabled", "storage.template.cleanup.enabled" })
            (await cloud.CallAsync("resetConfiguration", ("name", name))).ShouldBe(200);

        // As if somebody had deployed just before it went.
        var fourth = await DeployAsync(network, template);
        await using (var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope())
        {
            var order = RemovePoolImage.For((await CopyAsync(template))!);
            (await scope.ServiceProvider.GetRequiredService<WorkflowQueue>().EnqueueUnlessPendingAsync(order, CancellationToken.None)).ShouldBeTrue();
        }
        await RemovalsEndedAsync();
        await cloud.ShouldBeCleanAsync();
        (await CopyAsync(template)).ShouldNotBeNull().Ready.ShouldBeTrue();
        await DestroyAsync(fourth);
    }

    private async Task<string> DeployAsync(string network, string template) =>
        (await cloud.DeployAsync(network, "spare-" + Id.New<Volume>().ToString()[^6..], ("templateid", template)))["id"]!.GetValue<string>();

    private Task<JsonObject> DestroyAsync(string vm) => cloud.JobAsync("destroyVirtualMachine", ("id", vm), ("expunge", "true"));

    private Task SetAsync(string name, int value) => SetAsync(name, value.ToString(CultureInfo.InvariantCulture));

    private async Task SetAsync(string name, string value) =>
        (await cloud.CallAsync("updateConfiguration", ("name", name), ("value", value))).ShouldBe(200);

    // Hosts report a pool when its use changes.
    private async Task FillAsync(double part)
    {
        await using var db = cloud.Open();
        await db.Set<StoragePool>().ExecuteUpdateAsync(set => set.SetProperty(p => p.UsedBytes, p => (long)(p.CapacityBytes * part)));
    }

    private async Task<PoolImage?> CopyAsync(string template)
    {
        await using var db = cloud.Open();
        return await db.Set<PoolImage>().AsNoTracking().SingleOrDefaultAsync(i => i.TemplateId == new Id<Template>(Guid.Parse(template)));
    }

    private async Task RemovalsEndedAsync()
    {
        await using var db = cloud.Open();
        for (var i = 0; i < 4000 && await db.Set<WorkflowRow>().AnyAsync(w => w.Kind == nameof(RemovePoolImage) && w.EndedAt == null); i++) await Task.Delay(25);
    }

    private async Task GoneAsync(string template, double used = 0)
    {
        for (var i = 0; i < 1000 && await CopyAsync(template) is not null; i++)
        {
            await FillAsync(used);
            await CollectAsync();
            await Task.Delay(50);
        }
        (await CopyAsync(template)).ShouldBeNull();
    }

    private async Task CollectAsync()
    {
        await using var scope = cloud.Service<IServiceScopeFactory>().CreateAsyncScope();
        await ActivatorUtilities.CreateInstance<ImageGc>(scope.ServiceProvider).ReconcileAsync(CancellationToken.None);
    }
}
