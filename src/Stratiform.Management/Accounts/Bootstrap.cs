using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>Gives every database the roles of its commands, and an empty one its root domain, its first administrator and the account that the cloud itself acts for.</summary>
internal sealed class Bootstrap(CloudDb db, DefaultRoles roles, ApiKeys keys, Passwords passwords, TimeProvider time)
{
    public const string SystemUser = "system";
    public const string AdminUser = "admin";
    private const int DrawnPasswordBytes = 12;

    /// <summary>The account that the integration listener and the cloud's own work act for; the same in every cloud.</summary>
    public static Id<Account> SystemAccountId { get; } = new(Id.Derive(Guid.Empty, "Account", SystemUser));

    /// <summary>The first administrator's account; the same in every cloud.</summary>
    public static Id<Account> AdminAccountId { get; } = new(Id.Derive(Guid.Empty, "Account", AdminUser));

    /// <summary>The first administrator; the same in every cloud.</summary>
    public static Id<User> AdminUserId { get; } = new(Id.Derive(Guid.Empty, "User", AdminUser));

    /// <summary>Adds the roles that are missing, and fills an empty database; to be called at every start.</summary>
    /// <param name="password">The first administrator's password; null draws one.</param>
    /// <param name="ct">Cancels the filling.</param>
    /// <returns>The first administrator's credentials, this once; null when the database was filled before.</returns>
    public async Task<FirstAdmin?> FillAsync(string? password, CancellationToken ct)
    {
        await roles.EnsureAsync(ct);
        if (await db.Set<Domain>().AnyAsync(ct)) return null;
        var now = time.GetUtcNow();
        var root = new Domain("ROOT", parent: null, now);
        var system = new Account(SystemUser, root, AllowedTo.RootAdmin, now, SystemAccountId);
        var admin = new Account(AdminUser, root, AllowedTo.RootAdmin, now, AdminAccountId);
        var user = new User(AdminUser, admin, now, AdminUserId) { FirstName = "Admin", LastName = "User", Email = "admin@localhost" };
        var chosen = password ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(DrawnPasswordBytes));
        user.PasswordHash = passwords.Hash(chosen);
        var pair = keys.Register(user);
        db.AddRange(root, system, admin, new User(SystemUser, system, now), user);
        await db.SaveChangesAsync(ct);
        return new(user.Name, chosen, pair.ApiKey, pair.SecretKey);
    }
}

/// <summary>What the operator needs for the first call.</summary>
public sealed record FirstAdmin(string UserName, string Password, string ApiKey, string SecretKey);
