using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Registers a template whose image its owner uploads.</summary>
[Command("Registers a template that is uploaded, and says where to", AllowedTo.Everyone, ShowsSecrets = true)]
internal sealed record GetUploadParamsForTemplate : ICommand<UploadParamsWire>
{
    [Description("The template's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    public string? DisplayText { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("What is uploaded: QCOW2, RAW, VMDK, VHD, VHDX or OVA, packed (gz, bz2, xz, zstd, zip) or not; it becomes a QCOW2")]
    public required string Format { get; init; }

    [Description("KVM, or Simulator for simulated hosts")]
    public required Hypervisor Hypervisor { get; init; }

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

    [Description("True when guests take a password as they boot")]
    public bool? PasswordEnabled { get; init; }

    [Description("False when guests take no SSH keys as they boot")]
    public bool? SshKeyEnabled { get; init; }

    [Description("True when guests bear that their size changes while they run")]
    public bool? IsDynamicallyScalable { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class GetUploadParamsForTemplateHandler(
    CloudDb db, ExpectedUploads uploads, LiveSettings settings, TimeProvider clock)
    : IHandle<GetUploadParamsForTemplate, UploadParamsWire>
{
    public async Task<UploadParamsWire> HandleAsync(GetUploadParamsForTemplate command, Caller caller, CancellationToken ct)
    {
        var isKnown = Enum.TryParse<ImageFormat>(command.Format, ignoreCase: true, out var format) && !char.IsAsciiDigit(command.Format[0]);
        if (format == ImageFormat.Iso) throw Refusal.Parameter("format ISO is no template's; upload it as an ISO (getUploadParamsForIso).");
        if (!isKnown)
        {
            throw Refusal.Parameter(
                $"format {command.Format} is none of QCOW2, RAW, VMDK, VHD, VHDX, OVA; convert the image to QCOW2 (qemu-img convert).");
        }
        var zone = await db.FindAsync(caller, command.ZoneId, ct, nameof(command.ZoneId));
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        if (command.OsTypeId is { } os) await db.FindAsync(caller, os, ct, nameof(command.OsTypeId));
        var template = new Template(command.Name, ExpectedUploads.Url, owner.AccountId, owner.DomainId, zone.Id, clock.GetUtcNow())
        {
            DisplayText = command.DisplayText ?? command.Name,
            Hypervisor = command.Hypervisor,
            Format = format,
            Checksum = command.Checksum ?? "",
            OsTypeId = command.OsTypeId,
            IsPublic = ImagePermissions.MayBePublic(command.IsPublic == true, caller, settings),
            IsFeatured = command.IsFeatured == true && caller.IsRootAdmin,
            IsExtractable = command.IsExtractable == true,
            PasswordEnabled = command.PasswordEnabled == true,
            SshKeyEnabled = command.SshKeyEnabled != false,
            IsDynamicallyScalable = command.IsDynamicallyScalable == true,
        };
        return await uploads.ExpectAsync(template, zone, caller, ct);
    }
}
