using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Turns a rule round, or puts a role's rules in another order.</summary>
[Command("Changes a rule of a role, or the order in which its rules are tried")]
internal sealed record UpdateRolePermission : ICommand<Success>
{
    [Description("The role")]
    public required Id<Role> RoleId { get; init; }

    [Description("All its rules in their new order; or give ruleid and permission")]
    public IReadOnlyList<Id<RoleRule>>? RuleOrder { get; init; }

    [Description("One of its rules")]
    public Id<RoleRule>? RuleId { get; init; }

    [Description("With ruleid: allow or deny")]
    public RolePermission? Permission { get; init; }
}

internal sealed class UpdateRolePermissionHandler(CloudDb db, LiveRoles live, Announcer announcer) : IHandle<UpdateRolePermission, Success>
{
    public async Task<Success> HandleAsync(UpdateRolePermission command, Caller caller, CancellationToken ct)
    {
        var role = await db.FindAsync(caller, command.RoleId, ct);
        role.RequireOwn();
        if (command.RuleId is null != command.Permission is null || command.RuleId is null == command.RuleOrder is null)
            throw Refusal.Parameter("Give ruleorder, or ruleid and permission.");
        var rules = await db.Set<RoleRule>().Where(rule => rule.RoleId == role.Id).ToDictionaryAsync(rule => rule.Id, ct);
        if (command.RuleId is { } id)
        {
            if (!rules.TryGetValue(id, out var rule)) throw Visibility.Unknown(caller, nameof(command.RuleId), id);
            rule.Permission = command.Permission!.Value;
        }
        else
        {
            if (!rules.Keys.ToHashSet().SetEquals(command.RuleOrder!) || rules.Count != command.RuleOrder!.Count)
                throw Refusal.Parameter($"ruleorder must name each of the {rules.Count} rules of the role {role.Name} once (listRolePermissions).");
            for (var i = 0; i < rules.Count; i++) rules[command.RuleOrder[i]].Position = i + 1;
        }
        announcer.Changed(live);
        return new();
    }
}
