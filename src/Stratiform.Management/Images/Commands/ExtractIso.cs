using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Gives out a link by which an ISO can be downloaded for a while.</summary>
[Command("Makes a link to download an ISO by", AllowedTo.Everyone, ShowsSecrets = true)]
internal sealed record ExtractIso : IAsyncCommand<ExtractIsoWire>
{
    [Description("The ISO")]
    public required Id<Template> Id { get; init; }

    [Description("HTTP_DOWNLOAD: a link, good for extract.url.expiration.interval seconds")]
    public required string Mode { get; init; }

    [Description("Its zone")]
    public Id<Zone>? ZoneId { get; init; }
}

internal sealed class ExtractIsoHandler(CloudDb db, ImageDownloads downloads) : IHandle<ExtractIso, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ExtractIso command, Caller caller, CancellationToken ct)
    {
        var image = await db.FindUsableAsync(caller, command.Id, ct, "id");
        if (!image.IsIso) throw Visibility.Unknown(caller, "id", command.Id);
        return await downloads.OfferAsync(image, command.Mode, command.ZoneId, caller, ct);
    }
}
