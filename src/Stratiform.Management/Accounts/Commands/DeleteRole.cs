using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Removes a role that no account has, with its rules.</summary>
[Command("Deletes a role")]
internal sealed record DeleteRole : ICommand<Success>
{
    [Description("The role")]
    public required Id<Role> Id { get; init; }
}

internal sealed class DeleteRoleHandler(CloudDb db, LiveRoles live, Announcer announcer, TimeProvider clock) : IHandle<DeleteRole, Success>
{
    public async Task<Success> HandleAsync(DeleteRole command, Caller caller, CancellationToken ct)
    {
        var role = await db.FindAsync(caller, command.Id, ct);
        role.RequireOwn();
        var accounts = await db.Set<Account>().CountAsync(account => account.RoleId == role.Id, ct);
        if (accounts > 0) throw Refusal.InUse($"{accounts} accounts have the role {role.Name}; give them another one first.");
        db.RemoveRange(await db.Set<RoleRule>().Where(rule => rule.RoleId == role.Id).ToListAsync(ct));
        role.Remove(clock.GetUtcNow());
        announcer.Changed(live);
        return new();
    }
}
