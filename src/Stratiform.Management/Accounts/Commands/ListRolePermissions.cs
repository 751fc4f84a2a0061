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

/// <summary>A rule of a role on the wire.</summary>
[WireName("rolepermission")]
internal sealed record RolePermissionWire
{
    [Description("The rule")]
    public required Id<RoleRule> Id { get; init; }

    [Description("Its role")]
    public required Id<Role> RoleId { get; init; }

    [Description("That role's name")]
    public required string RoleName { get; init; }

    [Description("A command's name, with * for anything")]
    public required string Rule { get; init; }

    [Description("allow or deny")]
    public required string Permission { get; init; }

    [Description("What the rule is for")]
    public required string Description { get; init; }
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
            select new RolePermissionWire
            {
                Id = rule.Id,
                RoleId = role.Id,
                RoleName = role.Name,
                Rule = rule.Pattern,
                Permission = rule.Permission == RolePermission.Allow ? "allow" : "deny",
                Description = rule.Description,
            }).ToListAsync(ct);
        return new(rows.Count, rows);
    }
}
