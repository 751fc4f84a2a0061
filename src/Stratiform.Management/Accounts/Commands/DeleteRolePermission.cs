using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Takes a rule from a role.</summary>
[Command("Removes a rule from a role")]
internal sealed record DeleteRolePermission : ICommand<Success>
{
    [Description("The rule")]
    public required Id<RoleRule> Id { get; init; }
}

internal sealed class DeleteRolePermissionHandler(CloudDb db, LiveRoles live, Announcer announcer) : IHandle<DeleteRolePermission, Success>
{
    public async Task<Success> HandleAsync(DeleteRolePermission command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindAsync(caller, command.Id, ct);
        (await db.Set<Role>().SingleAsync(role => role.Id == rule.RoleId, ct)).RequireOwn();
        db.Remove(rule);
        announcer.Changed(live);
        return new();
    }
}
