using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>For whom something is created.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="DomainId">Its domain.</param>
internal sealed record Owner(Id<Account> AccountId, Id<Domain> DomainId);

/// <summary>Finds the owner that a command names.</summary>
internal static class Owners
{
    /// <summary>The caller, or the account that an administrator named.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">The account does not exist for the caller.</exception>
    public static async Task<Owner> OwnerAsync(this CloudDb db, Caller caller, string? account, Id<Domain>? domain, CancellationToken ct)
    {
        if (account is null) return new(caller.AccountId, caller.DomainId);
        var id = await db.FindAccountAsync(caller, account, domain, ct);
        return new(id, domain ?? caller.DomainId);
    }
}
