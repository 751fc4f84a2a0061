using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Gives out a link by which a template can be downloaded for a while.</summary>
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

internal sealed class ExtractTemplateHandler(CloudDb db, ImageDownloads downloads) : IHandle<ExtractTemplate, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ExtractTemplate command, Caller caller, CancellationToken ct)
    {
        var image = await db.FindUsableAsync(caller, command.Id, ct, "id");
        if (image.IsIso) throw Visibility.Unknown(caller, "id", command.Id);
        return await downloads.OfferAsync(image, command.Mode, command.ZoneId, caller, ct);
    }
}
