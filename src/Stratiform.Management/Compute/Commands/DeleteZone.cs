using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Forgets a zone that is empty. It lies in this slice since it knows all that a zone can hold.</summary>
[Command("Deletes a zone")]
internal sealed record DeleteZone : ICommand<Success>
{
    [Description("The zone")]
    public required Id<Zone> Id { get; init; }
}

internal sealed class DeleteZoneHandler(CloudDb db, TimeProvider clock) : IHandle<DeleteZone, Success>
{
    public async Task<Success> HandleAsync(DeleteZone command, Caller caller, CancellationToken ct)
    {
        var zone = await db.FindAsync(caller, command.Id, ct);
        var whole = $"The zone {zone.Name}";
        await db.Set<VirtualMachine>().Where(v => v.ZoneId == zone.Id)
            .RequireNoneAsync(whole, "virtual machine", "destroyVirtualMachine with expunge=true", ct);
        await db.Set<Network>().Where(n => n.ZoneId == zone.Id).RequireNoneAsync(whole, "network", "deleteNetwork", ct);
        await db.Set<Template>().ExceptVolumes().Where(t => t.ZoneId == zone.Id).RequireNoneAsync(whole, "template", "deleteTemplate", ct);
        await db.Set<Volume>().Where(v => v.ZoneId == zone.Id).RequireNoneAsync(whole, "volume", "deleteVolume", ct);
        await db.Set<StoragePool>().Where(p => p.ZoneId == zone.Id).RequireNoneAsync(whole, "storage pool", "deleteStoragePool", ct);
        await db.Set<ImageStore>().Where(s => s.ZoneId == zone.Id).RequireNoneAsync(whole, "image store", "deleteImageStore", ct);
        await db.Set<PhysicalNetwork>().Where(n => n.ZoneId == zone.Id).RequireNoneAsync(whole, "physical network", "deletePhysicalNetwork", ct);
        await db.Set<Pod>().Where(p => p.ZoneId == zone.Id).RequireNoneAsync(whole, "pod", "deletePod", ct);
        zone.Remove(clock.GetUtcNow());
        return new();
    }
}
