using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Jobs;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>Gives out links to download images by, to those who may.</summary>
public sealed class ImageDownloads(
    CloudDb db, WorkflowQueue queue, IWorkers workers, StoreLinks links, LiveSettings settings, Secrets secrets)
{
    /// <summary>How long a link is good that is given out now.</summary>
    public TimeSpan Validity => TimeSpan.FromSeconds(settings.Get(ImageSettings.DownloadSeconds));

    /// <summary>Refuses a way of downloading that there is not, and any while downloads are switched off.</summary>
    public void Require(string mode)
    {
        if (!mode.Equals(ExtractWire.HttpDownload, StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"mode {mode} is not supported; use {ExtractWire.HttpDownload}.");
        if (settings.Get(ImageSettings.DisableDownloads)) throw Refusal.Permission("Downloads are switched off in this cloud (disable.extraction).");
    }

    /// <summary>The job, done already, whose result has the link.</summary>
    public async Task<JobTicket> OfferAsync(Template image, string mode, Id<Zone>? zone, Caller caller, CancellationToken ct)
    {
        Require(mode);
        if (zone is { } wanted && (await db.FindAsync(caller, wanted, ct, "zoneid")).Id != image.ZoneId)
            throw Refusal.Parameter($"The {image.Kind} {image.Name} is not in that zone.");
        if (!image.IsExtractable && !await db.Visible<Template>(caller).AnyAsync(t => t.Id == image.Id, ct))
            throw Refusal.Permission($"The {image.Kind} {image.Name} is not to be downloaded: its owner has not made it extractable.");
        var job = queue.RecordDone(
            caller.Asks, image.VolumeId is null ? nameof(Template) : nameof(Storage.Volume), image.VolumeId?.Value ?? image.Id.Value);
        job.Result = await ResultAsync(image, ct)
            ?? throw Refusal.Unavailable("No secondary storage VM of the zone works at the moment; try again in a minute.");
        return new(job.Id);
    }

    /// <summary>What a job has to show whose result is a link to the image; null while no worker could serve it.</summary>
    /// <exception cref="CloudException">It lies in no store.</exception>
    public async Task<string?> ResultAsync(Template image, CancellationToken ct)
    {
        var stored = await db.Set<StoreImage>().AsNoTracking().Where(i => i.TemplateId == image.Id && i.Ready).OrderBy(i => i.Id).FirstOrDefaultAsync(ct)
            ?? throw Refusal.Parameter($"The {image.Kind} {image.Name} lies in no image store, from where alone it could be downloaded.");
        if (await workers.LastingAsync(image.ZoneId, ct) is not { } worker) return null;
        var link = await links.ToPublicAsync(stored, image.ZoneId, worker, image.Name + (image.IsIso ? ".iso" : ".qcow2"), Validity, ct);
        return JobSecrets.Result("url", secrets.Wrap(link.AbsoluteUri));
    }
}
