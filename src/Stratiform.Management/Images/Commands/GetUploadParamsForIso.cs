using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Registers an ISO that its owner uploads; it counts as a template.</summary>
[Command("Registers an ISO that is uploaded, and says where to", AllowedTo.Everyone, ShowsSecrets = true)]
internal sealed record GetUploadParamsForIso : ICommand<UploadParamsWire>
{
    [Description("The ISO's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    public string? DisplayText { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("What is uploaded: ISO, packed (gz, bz2, xz, zstd, zip) or not")]
    public required string Format { get; init; }

    [Description("False when virtual machines cannot boot from it")]
    public bool? Bootable { get; init; }

    [Description("Its operating system")]
    public Id<OsType>? OsTypeId { get; init; }

    [Description("The file's checksum: {SHA-256} followed by hexadecimal digits, and the like")]
    public string? Checksum { get; init; }

    [Description("True lets everybody use it; for users where allow.public.user.templates lets them")]
    public bool? IsPublic { get; init; }

    [Description("True recommends it; for administrators")]
    public bool? IsFeatured { get; init; }

    [Description("True lets others download it")]
    public bool? IsExtractable { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class GetUploadParamsForIsoHandler(CloudDb db, ExpectedUploads uploads, LiveSettings settings, TimeProvider clock)
    : IHandle<GetUploadParamsForIso, UploadParamsWire>
{
    public async Task<UploadParamsWire> HandleAsync(GetUploadParamsForIso command, Caller caller, CancellationToken ct)
    {
        if (!command.Format.Equals(nameof(ImageFormat.Iso), StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"format {command.Format} is no ISO's; upload a disk as a template (getUploadParamsForTemplate).");
        var zone = await db.FindAsync(caller, command.ZoneId, ct, nameof(command.ZoneId));
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        if (command.OsTypeId is { } os) await db.FindAsync(caller, os, ct, nameof(command.OsTypeId));
        var iso = new Template(command.Name, ExpectedUploads.Url, owner.AccountId, owner.DomainId, zone.Id, clock.GetUtcNow())
        {
            DisplayText = command.DisplayText ?? command.Name,
            Format = ImageFormat.Iso,
            Bootable = command.Bootable != false,
            Checksum = command.Checksum ?? "",
            OsTypeId = command.OsTypeId,
            IsPublic = ImagePermissions.MayBePublic(command.IsPublic == true, caller, settings),
            IsFeatured = command.IsFeatured == true && caller.IsRootAdmin,
            IsExtractable = command.IsExtractable == true,
        };
        return await uploads.ExpectAsync(iso, zone, caller, ct);
    }
}
