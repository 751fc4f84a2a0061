using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Registers an ISO, which virtual machines find in their drive; it counts as a template.</summary>
[Command("Registers an ISO", AllowedTo.Everyone)]
internal sealed record RegisterIso : ICommand<ShownList<IsoWire>>
{
    [Description("The ISO's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    public string? DisplayText { get; init; }

    [Description("Where it comes from, packed (gz, bz2, xz, zstd, zip) or not: an http or https URL; administrators may name a file of the hosts")]
    [MaxLength(2048)]
    public required string Url { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("False when virtual machines cannot boot from it")]
    public bool? Bootable { get; init; }

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

    [Description("True when guests that are installed from it take a password as they boot")]
    public bool? PasswordEnabled { get; init; }

    [Description("True when guests that are installed from it bear that their size changes while they run")]
    public bool? IsDynamicallyScalable { get; init; }

    [Description("True lets each pool take it from the URL, past secondary storage")]
    public bool? DirectDownload { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class RegisterIsoHandler(CloudDb db, ImageRegistration registration, LiveSettings settings, TimeProvider clock)
    : IHandle<RegisterIso, ShownList<IsoWire>>
{
    public async Task<ShownList<IsoWire>> HandleAsync(RegisterIso command, Caller caller, CancellationToken ct)
    {
        var zone = await db.FindAsync(caller, command.ZoneId, ct);
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        if (command.OsTypeId is { } os) await db.FindAsync(caller, os, ct, nameof(command.OsTypeId));
        var url = ImageRegistration.RequireUrl(command.Url, caller);
        var iso = new Template(command.Name, url, owner.AccountId, owner.DomainId, zone.Id, clock.GetUtcNow())
        {
            DisplayText = command.DisplayText ?? command.Name,
            Format = ImageFormat.Iso,
            Bootable = command.Bootable != false,
            Checksum = command.Checksum ?? "",
            OsTypeId = command.OsTypeId,
            IsPublic = ImagePermissions.MayBePublic(command.IsPublic == true, caller, settings),
            IsFeatured = command.IsFeatured == true && caller.IsRootAdmin,
            DirectDownload = command.DirectDownload == true,
            IsExtractable = command.IsExtractable == true,
            PasswordEnabled = command.PasswordEnabled == true,
            IsDynamicallyScalable = command.IsDynamicallyScalable == true,
        };
        registration.Add(iso, caller);
        return new(iso.Id.Value);
    }
}
