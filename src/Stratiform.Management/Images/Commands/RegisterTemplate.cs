using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Registers a template; it is read and verified when it is first copied to a pool.</summary>
[Command("Registers a template", AllowedTo.Everyone)]
internal sealed record RegisterTemplate : ICommand<ShownList<TemplateWire>>
{
    [Description("The template's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    public string? DisplayText { get; init; }

    [Description("Where it comes from: an http or https URL; administrators may name a file of the hosts")]
    [MaxLength(2048)]
    public required string Url { get; init; }

    [Description("Its zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Its zones; one for now")]
    public IReadOnlyList<Id<Zone>>? ZoneIds { get; init; }

    [Description("What the URL leads to: QCOW2, RAW, VMDK, VHD, VHDX or OVA, packed (gz, bz2, xz, zstd, zip) or not; hosts make a QCOW2 of it")]
    public required string Format { get; init; }

    [Description("KVM, or Simulator for simulated hosts")]
    public required Hypervisor Hypervisor { get; init; }

    [Description("Its operating system")]
    public Id<OsType>? OsTypeId { get; init; }

    [Description("Its checksum: {SHA-256} followed by hexadecimal digits, and the like")]
    public string? Checksum { get; init; }

    [Description("True lets everybody use it; for users where allow.public.user.templates lets them")]
    public bool? IsPublic { get; init; }

    [Description("True recommends it; for administrators")]
    public bool? IsFeatured { get; init; }

    [Description("True lets it be downloaded")]
    public bool? IsExtractable { get; init; }

    [Description("True when guests take a password as they boot")]
    public bool? PasswordEnabled { get; init; }

    [Description("False when guests take no SSH keys as they boot")]
    public bool? SshKeyEnabled { get; init; }

    [Description("True when guests bear that their size changes while they run")]
    public bool? IsDynamicallyScalable { get; init; }

    [Description("True lets each pool take it from the URL, past secondary storage")]
    public bool? DirectDownload { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class RegisterTemplateHandler(CloudDb db, ImageRegistration registration, LiveSettings settings, TimeProvider clock)
    : IHandle<RegisterTemplate, ShownList<TemplateWire>>
{
    public async Task<ShownList<TemplateWire>> HandleAsync(RegisterTemplate command, Caller caller, CancellationToken ct)
    {
        var isKnown = Enum.TryParse<ImageFormat>(command.Format, ignoreCase: true, out var format) && !char.IsAsciiDigit(command.Format[0]);
        if (format == ImageFormat.Iso) throw Refusal.Parameter("format ISO is no template's; register it as an ISO (registerIso).");
        if (!isKnown) throw Refusal.Parameter($"format {command.Format} is none of QCOW2, RAW, VMDK, VHD, VHDX, OVA; convert the image to QCOW2 (qemu-img convert).");
        if ((command.ZoneId ?? (command.ZoneIds is [var first, ..] ? first : null)) is not { } zoneId) throw Refusal.Missing(caller.Command, "zoneid");
        if (command.ZoneIds is { Count: > 1 }) throw Refusal.Parameter("A template is registered in one zone at a time; register it again for the next.");
        var zone = await db.FindAsync(caller, zoneId, ct, nameof(command.ZoneId));
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        if (command.OsTypeId is { } os) await db.FindAsync(caller, os, ct, nameof(command.OsTypeId));
        var template = new Template(command.Name, ImageRegistration.RequireUrl(command.Url, caller), owner.AccountId, owner.DomainId, zone.Id, clock.GetUtcNow())
        {
            DisplayText = command.DisplayText ?? command.Name,
            Hypervisor = command.Hypervisor,
            Format = format,
            Checksum = command.Checksum ?? "",
            OsTypeId = command.OsTypeId,
            IsPublic = ImagePermissions.MayBePublic(command.IsPublic == true, caller, settings),
            IsFeatured = command.IsFeatured == true && caller.IsRootAdmin,
            DirectDownload = command.DirectDownload == true,
            IsExtractable = command.IsExtractable == true,
            PasswordEnabled = command.PasswordEnabled == true,
            SshKeyEnabled = command.SshKeyEnabled != false,
            IsDynamicallyScalable = command.IsDynamicallyScalable == true,
        };
        registration.Add(template, caller);
        return new(template.Id.Value);
    }
}
