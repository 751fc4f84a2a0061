using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Shows who may use a template besides its owner.</summary>
[Command("Shows who may use a template", AllowedTo.Everyone)]
internal sealed record ListTemplatePermissions : IQuery<ImagePermissionsWire>
{
    [Description("The template")]
    public required Id<Template> Id { get; init; }
}

internal sealed class ListTemplatePermissionsHandler(CloudDb db) : IHandle<ListTemplatePermissions, ImagePermissionsWire>
{
    public async Task<ImagePermissionsWire> HandleAsync(ListTemplatePermissions command, Caller caller, CancellationToken ct)
    {
        var template = await db.UsableTemplates(caller).AsNoTracking().SingleOrDefaultAsync(t => t.Id == command.Id && t.Format != ImageFormat.Iso, ct)
            ?? throw Visibility.Unknown(caller, nameof(command.Id), command.Id);
        return await ImagePermissionsWire.ReadAsync(db, template, caller, ct);
    }
}
