using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Changes what is said of a template; its content never changes.</summary>
[Command("Updates a template", AllowedTo.Everyone)]
internal sealed record UpdateTemplate : ICommand<Shown<TemplateWire>>
{
    [Description("The template")]
    public required Id<Template> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? DisplayText { get; init; }

    [Description("Its operating system")]
    public Id<OsType>? OsTypeId { get; init; }

    [Description("Whether its guests take a password from the metadata service")]
    public bool? PasswordEnabled { get; init; }

    [Description("Whether its guests take public keys from the metadata service")]
    public bool? SshKeyEnabled { get; init; }

    [Description("Whether its guests bear that their size changes while they run")]
    public bool? IsDynamicallyScalable { get; init; }

    [Description("Its place in lists: smaller ones come first")]
    public int? SortKey { get; init; }
}

internal sealed class UpdateTemplateHandler(CloudDb db) : IHandle<UpdateTemplate, Shown<TemplateWire>>
{
    public async Task<Shown<TemplateWire>> HandleAsync(UpdateTemplate command, Caller caller, CancellationToken ct)
    {
        var template = await db.FindTemplateAsync(caller, command.Id, ct);
        if (command.OsTypeId is { } os) template.OsTypeId = (await db.FindAsync(caller, os, ct, nameof(command.OsTypeId))).Id;
        template.Name = command.Name ?? template.Name;
        template.DisplayText = command.DisplayText ?? template.DisplayText;
        template.PasswordEnabled = command.PasswordEnabled ?? template.PasswordEnabled;
        template.SshKeyEnabled = command.SshKeyEnabled ?? template.SshKeyEnabled;
        template.IsDynamicallyScalable = command.IsDynamicallyScalable ?? template.IsDynamicallyScalable;
        template.SortKey = command.SortKey ?? template.SortKey;
        return new(template.Id.Value);
    }
}
