using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Copies a volume to where it can be downloaded, and gives out a link. It lies in this slice since a virtual machine may write it.</summary>
[Command("Makes a link to download a volume by", AllowedTo.Everyone, ShowsSecrets = true)]
internal sealed record ExtractVolume : IAsyncCommand<ExtractVolumeWire>
{
    [Description("The volume")]
    public required Id<Volume> Id { get; init; }

    [Description("HTTP_DOWNLOAD: a link, good for extract.url.expiration.interval seconds")]
    public required string Mode { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }
}

internal sealed class ExtractVolumeHandler(CloudDb db, WorkflowQueue queue, StoreChoice stores, ImageDownloads downloads) : IHandle<ExtractVolume, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ExtractVolume command, Caller caller, CancellationToken ct)
    {
        var volume = await db.FindVisibleAsync(caller, command.Id, ct);
        downloads.Require(command.Mode);
        var zone = await db.FindAsync(caller, command.ZoneId, ct, nameof(command.ZoneId));
        if (volume.ZoneId != zone.Id) throw Refusal.Parameter($"The volume {volume.Name} is not in the zone {zone.Name}.");
        if (volume.State == VolumeState.Uploaded)
            return await downloads.OfferAsync(await db.Set<Template>().SingleAsync(t => t.VolumeId == volume.Id, ct), command.Mode, zone.Id, caller, ct);
        await db.RequireQuietAsync(volume, ct);
        var store = await stores.RequireAsync(zone, StoreNeed.Any, ct);
        return new(queue.Enqueue(Workflows.ExtractVolume.For(volume, store), caller.Asks).Id);
    }
}
