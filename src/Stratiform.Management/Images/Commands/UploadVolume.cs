using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Makes a volume of what a URL leads to; it rests in an image store until it is attached.</summary>
[Command("Uploads a volume from a URL", AllowedTo.Everyone)]
internal sealed record UploadVolume : IAsyncCommand<VolumeWire>
{
    [Description("The volume's name")]
    public required string Name { get; init; }

    [Description("Where it comes from: an http or https URL")]
    [MaxLength(2048)]
    public required string Url { get; init; }

    [Description("What the URL leads to: QCOW2, RAW, VMDK, VHD, VHDX or OVA, packed (gz, bz2, xz, zstd, zip) or not; it becomes a QCOW2")]
    public required string Format { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("The file's checksum: {SHA-256} followed by hexadecimal digits, and the like")]
    public string? Checksum { get; init; }

    [Description("Its disk offering")]
    public Id<DiskOffering>? DiskOfferingId { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class UploadVolumeHandler(CloudDb db, StoreChoice stores, ImageRegistration registration, TimeProvider clock) : IHandle<UploadVolume, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UploadVolume command, Caller caller, CancellationToken ct)
    {
        var format = ImageRegistration.RequireDiskFormat(command.Format);
        var url = ImageRegistration.RequireUrl(command.Url, caller);
        // A file of a host's no worker sees.
        if (url.StartsWith("file:", StringComparison.Ordinal)) throw Refusal.Parameter($"url {url} cannot be used; volumes come from http or https.");
        var zone = await db.FindAsync(caller, command.ZoneId, ct, nameof(command.ZoneId));
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        if (command.DiskOfferingId is { } offering) await db.FindAsync(caller, offering, ct, nameof(command.DiskOfferingId));
        await stores.RequireAsync(zone, StoreNeed.RatherAShare, ct);
        var volume = new Volume(command.Name, VolumeType.DATADISK, owner.AccountId, owner.DomainId, zone.Id, sizeBytes: 0, clock.GetUtcNow())
        {
            DiskOfferingId = command.DiskOfferingId,
        };
        var image = new Template(command.Name, url, owner.AccountId, owner.DomainId, zone.Id, clock.GetUtcNow())
        {
            VolumeId = volume.Id,
            Format = format,
            Checksum = command.Checksum ?? "",
        };
        return new(registration.Add(volume, image, upload: null, caller).Id);
    }
}
