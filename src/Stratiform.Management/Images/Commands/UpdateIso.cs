using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Changes what is said of an ISO; its content never changes.</summary>
[Command("Updates an ISO", AllowedTo.Everyone)]
internal sealed record UpdateIso : ICommand<Shown<IsoWire>>
{
    [Description("The ISO")]
    public required Id<Template> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? DisplayText { get; init; }

    [Description("Its operating system")]
    public Id<OsType>? OsTypeId { get; init; }

    [Description("Whether virtual machines can boot from it; it holds from their next start")]
    public bool? Bootable { get; init; }

    [Description("Whether guests that are installed from it take a password from the metadata service")]
    public bool? PasswordEnabled { get; init; }

    [Description("Whether guests that are installed from it bear that their size changes while they run")]
    public bool? IsDynamicallyScalable { get; init; }

    [Description("Its place in lists: smaller ones come first")]
    public int? SortKey { get; init; }
}

internal sealed class UpdateIsoHandler(CloudDb db) : IHandle<UpdateIso, Shown<IsoWire>>
{
    public async Task<Shown<IsoWire>> HandleAsync(UpdateIso command, Caller caller, CancellationToken ct)
    {
        var iso = await db.FindIsoAsync(caller, command.Id, ct);
        if (command.OsTypeId is { } os) iso.OsTypeId = (await db.FindAsync(caller, os, ct, nameof(command.OsTypeId))).Id;
        iso.Name = command.Name ?? iso.Name;
        iso.DisplayText = command.DisplayText ?? iso.DisplayText;
        iso.Bootable = command.Bootable ?? iso.Bootable;
        iso.PasswordEnabled = command.PasswordEnabled ?? iso.PasswordEnabled;
        iso.IsDynamicallyScalable = command.IsDynamicallyScalable ?? iso.IsDynamicallyScalable;
        iso.SortKey = command.SortKey ?? iso.SortKey;
        return new(iso.Id.Value);
    }
}
