using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>The rules of roles, in the order in which they are tried.</summary>
[Command("Lists the rules of roles in the order in which they are tried")]
internal sealed record ListRolePermissions : IQuery<Page<RolePermissionWire>>
{
    [Description("Lists only the rules of this role")]
    public Id<Role>? RoleId { get; init; }
}

internal sealed class ListRolePermissionsHandler(CloudDb db) : IHandle<ListRolePermissions, Page<RolePermissionWire>>
{
    public async Task<Page<RolePermissionWire>> HandleAsync(ListRolePermissions command, Caller caller, CancellationToken ct)
    {
        if (command.RoleId is { } id) await db.FindAsync(caller, id, ct, nameof(command.RoleId));
        var rows = await (
            from rule in db.Set<RoleRule>()
            join role in db.Set<Role>() on rule.RoleId equals role.Id
            where command.RoleId == null || rule.RoleId == command.RoleId
            orderby role.Name, rule.Position
            select new { Rule = rule, Role = role }).ToListAsync(ct);
        return new(rows.Count, [.. rows.Select(r => RolePermissionWire.Of(r.Rule, r.Role))]);
    }
}
