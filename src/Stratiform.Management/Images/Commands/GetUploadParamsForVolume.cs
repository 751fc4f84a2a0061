using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Makes a volume of what its owner uploads; it rests in an image store until it is attached.</summary>
[Command("Makes a volume that is uploaded, and says where to", AllowedTo.Everyone, ShowsSecrets = true)]
internal sealed record GetUploadParamsForVolume : ICommand<UploadParamsWire>
{
    [Description("The volume's name")]
    public required string Name { get; init; }

    [Description("What is uploaded: QCOW2, RAW, VMDK, VHD, VHDX or OVA, packed (gz, bz2, xz, zstd, zip) or not; it becomes a QCOW2")]
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

internal sealed class GetUploadParamsForVolumeHandler(CloudDb db, ExpectedUploads uploads, TimeProvider clock)
    : IHandle<GetUploadParamsForVolume, UploadParamsWire>
{
    public async Task<UploadParamsWire> HandleAsync(GetUploadParamsForVolume command, Caller caller, CancellationToken ct)
    {
        var format = ImageRegistration.RequireDiskFormat(command.Format);
        var zone = await db.FindAsync(caller, command.ZoneId, ct, nameof(command.ZoneId));
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        if (command.DiskOfferingId is { } offering) await db.FindAsync(caller, offering, ct, nameof(command.DiskOfferingId));
        var volume = new Volume(command.Name, VolumeType.DATADISK, owner.AccountId, owner.DomainId, zone.Id, sizeBytes: 0, clock.GetUtcNow())
        {
            DiskOfferingId = command.DiskOfferingId,
        };
        var image = new Template(command.Name, ExpectedUploads.Url, owner.AccountId, owner.DomainId, zone.Id, clock.GetUtcNow())
        {
            VolumeId = volume.Id,
            Format = format,
            Checksum = command.Checksum ?? "",
        };
        return await uploads.ExpectAsync(volume, image, zone, caller, ct);
    }
}
