using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Images.Commands;

/// <summary>Says who may use a template besides its owner.</summary>
[Command("Says who may use a template", AllowedTo.Everyone)]
internal sealed record UpdateTemplatePermissions : ImagePermissionsChange;

internal sealed class UpdateTemplatePermissionsHandler(CloudDb db, LiveSettings settings) : IHandle<UpdateTemplatePermissions, Success>
{
    public async Task<Success> HandleAsync(UpdateTemplatePermissions command, Caller caller, CancellationToken ct)
    {
        var template = await db.FindTemplateAsync(caller, command.Id, ct);
        await db.ChangeAsync(template, command, caller, settings, ct);
        return new();
    }
}
