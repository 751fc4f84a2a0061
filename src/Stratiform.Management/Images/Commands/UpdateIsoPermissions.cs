using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Images.Commands;

/// <summary>Says who may use an ISO besides its owner.</summary>
[Command("Says who may use an ISO", AllowedTo.Everyone)]
internal sealed record UpdateIsoPermissions : ImagePermissionsChange;

internal sealed class UpdateIsoPermissionsHandler(CloudDb db, LiveSettings settings) : IHandle<UpdateIsoPermissions, Success>
{
    public async Task<Success> HandleAsync(UpdateIsoPermissions command, Caller caller, CancellationToken ct)
    {
        var iso = await db.FindIsoAsync(caller, command.Id, ct);
        await db.ChangeAsync(iso, command, caller, settings, ct);
        return new();
    }
}
