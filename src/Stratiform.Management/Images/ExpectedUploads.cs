using Stratiform.Management.Api;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>Has a worker await a new image, and tells its owner where to send it.</summary>
internal sealed class ExpectedUploads(
    StoreChoice stores, ImageRegistration registration, IWorkers workers, StoreLinks links, LiveSettings settings, TimeProvider clock)
{
    /// <summary>What the URL of an uploaded image says of where it came from.</summary>
    public const string Url = "upload:";

    /// <summary>Enters the image, which fails when nothing comes before the link expires.</summary>
    public Task<UploadParamsWire> ExpectAsync(Template image, Zone zone, Caller caller, CancellationToken ct) =>
        ExpectAsync(image, zone, image.Id.Value, upload => registration.AddAwaited(image, upload, caller), ct);

    /// <summary>Enters the volume with its content.</summary>
    public Task<UploadParamsWire> ExpectAsync(Volume volume, Template image, Zone zone, Caller caller, CancellationToken ct) =>
        ExpectAsync(image, zone, volume.Id.Value, upload => registration.Add(volume, image, (ReceiveTemplate.Memory)upload.State, caller), ct);

    private async Task<UploadParamsWire> ExpectAsync(
        Template image, Zone zone, Guid shown, Action<Order<ReceiveTemplate>> enter, CancellationToken ct)
    {
        // It may have to be unpacked or converted.
        var store = await stores.RequireAsync(zone, StoreNeed.RatherAShare, ct);
        var session = StoreImage.IdOf(image.Id, store.Id).Value;
        var by = await workers.FindAsync(zone.Id, session, ct)
            ?? throw Refusal.Unavailable(
                $"No secondary storage VM of the zone {zone.Name} has room for an upload at the moment; try again in a minute.");
        var validity = TimeSpan.FromMinutes(settings.Get(ImageSettings.UploadMinutes));
        var link = new UploadLink(store.Id.Value, session, clock.GetUtcNow() + validity);
        enter(ReceiveTemplate.For(image.Id, store.Id, by, link.Expires));
        return new()
        {
            Id = shown,
            PostUrl = new Uri($"http://{by.PublicAddress}{link.Path}"),
            Metadata = link.Metadata,
            Expires = link.ExpiryText,
            Signature = link.Sign(await links.KeyAsync(zone.Id, ct)),
        };
    }
}
