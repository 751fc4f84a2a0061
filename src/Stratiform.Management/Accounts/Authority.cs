using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Accounts;

/// <summary>
/// Who may act for and change whom. An administrator has power over the accounts in its reach whose role is of no higher kind than its
/// own and may call nothing that its own may not; so nobody comes to more power by making, changing or becoming somebody else.
/// </summary>
internal sealed class Authority(CloudDb db, LiveRoles roles)
{
    /// <summary>The user of a parameter, if the caller may act as that user: itself, or as an administrator of no less power.</summary>
    /// <exception cref="CloudException">It does not exist for the caller (431), or has more power than the caller (531).</exception>
    public async Task<User> FindUserAsync(
        Caller caller, Id<User> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var user = await db.Visible<User>(caller).SingleOrDefaultAsync(u => u.Id == id && u.AccountId != Bootstrap.SystemAccountId, ct)
            ?? throw Visibility.Unknown(caller, parameter, id);
        if (user.Id == caller.UserId) return user;
        var account = await db.Set<Account>().AsNoTracking().SingleAsync(a => a.Id == user.AccountId, ct);
        return HasPowerOver(caller, account.Role, account.RoleId)
            ? user
            : throw Refusal.Permission($"User {user.Name} is not yours to act for; only the user itself or its administrators may do this.");
    }

    /// <summary>As the other one, but neither the caller itself nor the first administrator: for what would shut the user out.</summary>
    /// <exception cref="CloudException">As the other one's; or it is one of those (431).</exception>
    public async Task<User> FindOtherUserAsync(
        Caller caller, Id<User> id, string what, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var user = await FindUserAsync(caller, id, ct, parameter);
        if (user.Id == caller.UserId) throw Refusal.Parameter($"Nobody can {what} the own user; have another administrator do it.");
        if (user.Id == Bootstrap.AdminUserId) throw Refusal.Parameter($"The user {user.Name} comes with the cloud; nobody can {what} it.");
        return user;
    }

    /// <summary>The account of an id, or of a name in a domain, if the caller may change it.</summary>
    /// <exception cref="CloudException">It does not exist for the caller (431), or has more power than the caller (531).</exception>
    public async Task<Account> FindAccountAsync(Caller caller, Id<Account>? id, string? name, Id<Domain>? domainId, CancellationToken ct, string parameter = "id")
    {
        if (id is null && name is null) throw Refusal.Parameter("Give id, or account with its domainid.");
        var named = id ?? await db.FindAccountAsync(caller, name!, domainId, ct);
        var account = await db.VisibleAccounts(caller).SingleOrDefaultAsync(a => a.Id == named, ct) ?? throw Visibility.Unknown(caller, parameter, named);
        return HasPowerOver(caller, account.Role, account.RoleId)
            ? account
            : throw Refusal.Permission($"The account {account.Name} is not yours to change; only administrators of no less power may.");
    }

    /// <summary>As the other one, but neither the caller's own nor the first administrator's: for what would shut its users out.</summary>
    /// <exception cref="CloudException">As the other one's; or it is one of those (431).</exception>
    public async Task<Account> FindOtherAccountAsync(
        Caller caller, Id<Account>? id, string? name, Id<Domain>? domainId, string what, CancellationToken ct)
    {
        var account = await FindAccountAsync(caller, id, name, domainId, ct);
        if (account.Id == caller.AccountId) throw Refusal.Parameter($"Nobody can {what} the own account; have another administrator do it.");
        if (account.Id == Bootstrap.AdminAccountId) throw Refusal.Parameter($"The account {account.Name} comes with the cloud; nobody can {what} it.");
        return account;
    }

    /// <summary>The role that an account is to have, if the caller may give it.</summary>
    /// <param name="caller">Who gives it.</param>
    /// <param name="roleId">The role.</param>
    /// <param name="accountType">The wire's account type, whose default role it is, where no role is named.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <exception cref="CloudException">There is none (431), or the caller has less power (531).</exception>
    public async Task<Role> FindRoleToGiveAsync(Caller caller, Id<Role>? roleId, int? accountType, CancellationToken ct)
    {
        if ((roleId ?? RoleOf(accountType)) is not { } id) throw Refusal.Parameter("Give roleid, or accounttype: 0 user, 1 root, 2 domain, 3 resource administrator.");
        var role = await db.Set<Role>().SingleOrDefaultAsync(r => r.Id == id && (r.IsPublic || caller.Role == AllowedTo.RootAdmin), ct)
            ?? throw Visibility.Unknown(caller, nameof(roleId), id);
        if (!roles.Knows(role.Id)) await roles.ReadAgainAsync(ct);
        return HasPowerOver(caller, role.Type, role.Id)
            ? role
            : throw Refusal.Permission($"The role {role.Name} may do more than your own, so you cannot give it.");
    }

    private static Id<Role>? RoleOf(int? accountType) =>
        accountType is { } type && Account.RoleOf(type) is var kind and not AllowedTo.None ? Role.DefaultIdOf(kind) : null;

    private bool HasPowerOver(Caller caller, AllowedTo kind, Id<Role> role)
    {
        if (RankOf(caller.Role) == 0 || RankOf(kind) > RankOf(caller.Role)) return false;
        // Of the usual roles the kind says it all: some commands of lower kinds are of no use to higher ones.
        var bothAreUsual = caller.RoleId == Role.DefaultIdOf(caller.Role) && role == Role.DefaultIdOf(kind);
        return bothAreUsual || roles.Covers(caller.RoleId, role);
    }

    private static int RankOf(AllowedTo role) => role switch
    {
        AllowedTo.RootAdmin => 3,
        AllowedTo.DomainAdmin => 2,
        AllowedTo.ResourceAdmin => 1,
        _ => 0,
    };
}
