using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Changes what is said of a role; its rules have commands of their own.</summary>
[Command("Updates a role")]
internal sealed record UpdateRole : ICommand<RoleWire>
{
    [Description("The role")]
    public required Id<Role> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("Another kind of account, while no account has the role")]
    public string? Type { get; init; }

    [Description("What it is for")]
    public string? Description { get; init; }

    [Description("Whether administrators of domains may give it to accounts")]
    public bool? IsPublic { get; init; }
}

internal sealed class UpdateRoleHandler(CloudDb db, LiveRoles live, Announcer announcer) : IHandle<UpdateRole, RoleWire>
{
    public async Task<RoleWire> HandleAsync(UpdateRole command, Caller caller, CancellationToken ct)
    {
        var role = await db.FindAsync(caller, command.Id, ct);
        role.RequireOwn();
        if (command.Name is { } name && name != role.Name) await RoleNames.RequireFreeAsync(db, name, ct);
        role.Name = command.Name ?? role.Name;
        role.Description = command.Description ?? role.Description;
        role.IsPublic = command.IsPublic ?? role.IsPublic;
        if (command.Type is { } word && RoleNames.RequireType(word) is var type && type != role.Type)
        {
            var accounts = await db.Set<Account>().CountAsync(account => account.RoleId == role.Id, ct);
            if (accounts > 0) throw Refusal.InUse($"{accounts} accounts have the role {role.Name}, so its type stays; make another role (createRole roleid={role.Id}).");
            role.Type = type;
        }
        announcer.Changed(live);
        return RoleWire.Of(role);
    }
}
