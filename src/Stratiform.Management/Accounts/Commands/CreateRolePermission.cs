using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Adds a rule to a role, to be tried after those it has.</summary>
[Command("Adds a rule to a role, after those it has")]
internal sealed record CreateRolePermission : ICommand<RolePermissionWire>
{
    [Description("The role")]
    public required Id<Role> RoleId { get; init; }

    [Description("A command's name, with * for anything")]
    public required string Rule { get; init; }

    [Description("allow or deny")]
    public required RolePermission Permission { get; init; }

    [Description("What the rule is for")]
    public string? Description { get; init; }
}

internal sealed class CreateRolePermissionHandler(CloudDb db, LiveRoles live, Announcer announcer)
    : IHandle<CreateRolePermission, RolePermissionWire>
{
    public async Task<RolePermissionWire> HandleAsync(CreateRolePermission command, Caller caller, CancellationToken ct)
    {
        var role = await db.FindAsync(caller, command.RoleId, ct);
        role.RequireOwn();
        if (command.Rule.Length == 0 || !command.Rule.All(c => char.IsAsciiLetterOrDigit(c) || c == '*'))
            throw Refusal.Parameter($"rule {command.Rule} is not a command's name such as listZones, or list* for many.");
        var rules = await db.Set<RoleRule>().Where(rule => rule.RoleId == role.Id).ToListAsync(ct);
        if (rules.Any(rule => rule.Pattern == command.Rule))
            throw Refusal.Parameter($"The role {role.Name} has a rule {command.Rule} already; change it (updateRolePermission).");
        var added = new RoleRule(role.Id, command.Rule, command.Permission, rules.Count == 0 ? 1 : rules.Max(rule => rule.Position) + 1)
        {
            Description = command.Description ?? "",
        };
        db.Add(added);
        announcer.Changed(live);
        return RolePermissionWire.Of(added, role);
    }
}
