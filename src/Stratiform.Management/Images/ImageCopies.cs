using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>The parameters of commands that copy an image to other zones.</summary>
/// <typeparam name="TWire">Its wire shape.</typeparam>
public abstract record ImageCopyCommand<TWire> : IAsyncCommand<TWire> where TWire : class
{
    [Description("Which one")]
    public required Id<Template> Id { get; init; }

    [Description("The zone that it is in")]
    public Id<Zone>? SourceZoneId { get; init; }

    [Description("The zone that it is copied to")]
    public Id<Zone>? DestZoneId { get; init; }

    [Description("The zones that it is copied to; each copy is a job of its own, and the answer's is the first's")]
    public IReadOnlyList<Id<Zone>>? DestZoneIds { get; init; }
}

/// <summary>Enters copies of images in other zones: with the rights of the first, counted like it, and brought by the zones' workers.</summary>
internal sealed class ImageCopies(CloudDb db, ImageRegistration registration, StoreChoice stores, IWorkers workers, TimeProvider clock)
{
    /// <summary>The job of the first copy.</summary>
    public async Task<JobTicket> CopyAsync<TWire>(Template image, ImageCopyCommand<TWire> command, Caller caller, CancellationToken ct) where TWire : class
    {
        await RequireOwnedAsync(image, caller, ct);
        await RequireReadableAsync(image, command.SourceZoneId, caller, ct);
        var jobs = new List<WorkflowRow>();
        foreach (var id in ZonesOf(command, caller))
        {
            var zone = await db.FindAsync(caller, id, ct, nameof(command.DestZoneId));
            await RequireRoomAsync(image, zone, ct);
            var copy = image.CopyTo(zone.Id, clock.GetUtcNow());
            foreach (var share in await db.Set<TemplateShare>().AsNoTracking().Where(s => s.TemplateId == image.Id).ToListAsync(ct))
                db.Add(new TemplateShare { TemplateId = copy.Id, AccountId = share.AccountId });
            jobs.Add(registration.AddCopy(copy, image.Id, caller));
        }
        return new(jobs[0].Id);
    }

    private static Id<Zone>[] ZonesOf<TWire>(ImageCopyCommand<TWire> command, Caller caller) where TWire : class
    {
        Id<Zone>[] zones = [.. (command.DestZoneId is { } one ? [one] : command.DestZoneIds ?? []).Distinct()];
        return zones.Length > 0 ? zones : throw Refusal.Missing(caller.Command, "destzoneid");
    }

    private async Task RequireOwnedAsync(Template image, Caller caller, CancellationToken ct)
    {
        if (!await db.Visible<Template>(caller).AnyAsync(t => t.Id == image.Id, ct))
            throw Refusal.Permission($"Only its owner and administrators copy the {image.Kind} {image.Name} to other zones.");
    }

    private async Task RequireReadableAsync(Template image, Id<Zone>? zone, Caller caller, CancellationToken ct)
    {
        if (zone is { } said && (await db.FindAsync(caller, said, ct, "sourcezoneid")).Id != image.ZoneId)
            throw Refusal.Parameter($"The {image.Kind} {image.Name} is not in that zone.");
        if (image.DirectDownload)
            throw Refusal.Parameter($"The {image.Kind} {image.Name} is downloaded directly and lies in no image store; register it in the other zone.");
        if (image.State != TemplateState.Ready) throw Refusal.Parameter($"The {image.Kind} {image.Name} is not ready yet; copy it when it is.");
        if (!await db.Set<StoreImage>().AnyAsync(i => i.TemplateId == image.Id && i.Ready, ct))
            throw Refusal.Parameter($"The {image.Kind} {image.Name} lies in no image store, from where alone it could be copied; register it in the other zone.");
        if (await workers.LastingAsync(image.ZoneId, ct) is null)
            throw Refusal.Unavailable($"No secondary storage VM of the zone that has the {image.Kind} works at the moment; try again in a minute.");
    }

    private async Task RequireRoomAsync(Template image, Zone zone, CancellationToken ct)
    {
        if (zone.Id == image.ZoneId) throw Refusal.Parameter($"The {image.Kind} {image.Name} is in the zone {zone.Name} already: it is copied from there.");
        var origin = image.OriginId ?? image.Id;
        if (await db.Set<Template>().Where(t => t.ZoneId == zone.Id && (t.Id == origin || t.OriginId == origin)).Select(t => (Id<Template>?)t.Id).FirstOrDefaultAsync(ct) is { } there)
            throw Refusal.Parameter($"The {image.Kind} {image.Name} is in the zone {zone.Name} already, as {there}.");
        await stores.RequireAsync(zone, StoreNeed.Any, ct);
    }
}
