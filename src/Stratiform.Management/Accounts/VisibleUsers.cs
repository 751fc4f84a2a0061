using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>Which users exist for a caller, and for whose keys and passwords it may ask.</summary>
internal static class VisibleUsers
{
    /// <summary>The users of the accounts in the caller's reach; the cloud's own exists for nobody.</summary>
    public static IQueryable<User> UsersOf(this CloudDb db, Caller caller) =>
        db.Visible<User>(caller).Where(user => user.AccountId != Bootstrap.SystemAccountId);

    /// <summary>The user of a parameter, if the caller may act as that user: itself, or as an administrator of no less power.</summary>
    /// <exception cref="Workflows.CloudException">It does not exist for the caller, or has more power than the caller.</exception>
    public static async Task<User> FindUserToActAsAsync(
        this CloudDb db, Caller caller, Id<User> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var user = await db.UsersOf(caller).SingleOrDefaultAsync(u => u.Id == id, ct) ?? throw Visibility.Unknown(caller, parameter, id);
        if (user.Id == caller.UserId) return user;
        var role = await db.Set<Account>().Where(account => account.Id == user.AccountId).Select(account => account.Role).SingleAsync(ct);
        return Rank(caller.Role) > 0 && Rank(role) <= Rank(caller.Role)
            ? user
            : throw Refusal.Permission($"User {user.Name} is not yours to act for; only the user itself or its administrators may do this.");
    }

    private static int Rank(AllowedTo role) => role switch
    {
        AllowedTo.RootAdmin => 3,
        AllowedTo.DomainAdmin => 2,
        AllowedTo.ResourceAdmin => 1,
        _ => 0,
    };
}
