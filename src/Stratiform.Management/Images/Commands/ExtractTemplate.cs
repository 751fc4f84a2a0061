using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Jobs;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Commands;

/// <summary>Gives out a link by which a template's image can be downloaded for a while.</summary>
[Command("Makes a link to download a template by", AllowedTo.Everyone, ShowsSecrets = true)]
internal sealed record ExtractTemplate : IAsyncCommand<ExtractWire>
{
    [Description("The template")]
    public required Id<Template> Id { get; init; }

    [Description("HTTP_DOWNLOAD: a link, good for extract.url.expiration.interval seconds")]
    public required string Mode { get; init; }

    [Description("Its zone")]
    public Id<Zone>? ZoneId { get; init; }
}

internal sealed class ExtractTemplateHandler(
    CloudDb db, WorkflowQueue queue, IWorkers workers, StoreLinks links, LiveSettings settings, Secrets secrets)
    : IHandle<ExtractTemplate, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ExtractTemplate command, Caller caller, CancellationToken ct)
    {
        if (!command.Mode.Equals(ExtractWire.HttpDownload, StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"mode {command.Mode} is not supported; use {ExtractWire.HttpDownload}.");
        if (settings.Get(ImageSettings.DisableDownloads)) throw Refusal.Permission("Downloads are switched off in this cloud (disable.extraction).");
        var template = await db.FindUsableAsync(caller, command.Id, ct, nameof(command.Id));
        if (command.ZoneId is { } wanted && (await db.FindAsync(caller, wanted, ct, nameof(command.ZoneId))).Id != template.ZoneId)
            throw Refusal.Parameter($"The template {template.Name} is not in that zone.");
        if (!template.IsExtractable && !await db.Visible<Template>(caller).AnyAsync(t => t.Id == template.Id, ct))
            throw Refusal.Permission($"The template {template.Name} is not to be downloaded: its owner has not made it extractable.");
        var job = queue.RecordDone(caller.Asks, nameof(Template), template.Id.Value);
        job.Result = JobSecrets.Result("url", secrets.Wrap((await LinkAsync(template, ct)).AbsoluteUri));
        return new(job.Id);
    }

    private async Task<Uri> LinkAsync(Template template, CancellationToken ct)
    {
        var image = await db.Set<StoreImage>().AsNoTracking().Where(i => i.TemplateId == template.Id && i.Ready).OrderBy(i => i.Id).FirstOrDefaultAsync(ct)
            ?? throw Refusal.Parameter($"The template {template.Name} lies in no image store, from where alone it could be downloaded.");
        var worker = await workers.LastingAsync(template.ZoneId, ct)
            ?? throw Refusal.Unavailable("No secondary storage VM of the zone works at the moment; try again in a minute.");
        var validity = TimeSpan.FromSeconds(settings.Get(ImageSettings.DownloadSeconds));
        return await links.ToPublicAsync(image, template.ZoneId, worker, template.Name + ".qcow2", validity, ct);
    }
}
