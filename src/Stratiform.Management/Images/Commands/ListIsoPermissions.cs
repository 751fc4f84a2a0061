using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Shows who may use an ISO besides its owner.</summary>
[Command("Shows who may use an ISO", AllowedTo.Everyone)]
internal sealed record ListIsoPermissions : IQuery<ImagePermissionsWire>
{
    [Description("The ISO")]
    public required Id<Template> Id { get; init; }
}

internal sealed class ListIsoPermissionsHandler(CloudDb db) : IHandle<ListIsoPermissions, ImagePermissionsWire>
{
    public async Task<ImagePermissionsWire> HandleAsync(ListIsoPermissions command, Caller caller, CancellationToken ct)
    {
        var iso = await db.UsableTemplates(caller).AsNoTracking().SingleOrDefaultAsync(t => t.Id == command.Id && t.Format == ImageFormat.Iso, ct)
            ?? throw Visibility.Unknown(caller, nameof(command.Id), command.Id);
        return await ImagePermissionsWire.ReadAsync(db, iso, caller, ct);
    }
}
