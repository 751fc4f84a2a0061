using Stratiform.Management.Accounts;
using Stratiform.Protocol;

namespace Stratiform.Management.Api;

/// <summary>Who asks: everything a command needs to decide what exists for it.</summary>
/// <param name="UserId">The user.</param>
/// <param name="AccountId">The user's account.</param>
/// <param name="DomainId">The account's domain.</param>
/// <param name="DomainPath">The domain's materialised path, <c>/</c> for ROOT, else <c>/a/b/</c>.</param>
/// <param name="Role">The caller's role as one flag.</param>
public sealed record Caller(Id<User> UserId, Id<Account> AccountId, Id<Domain> DomainId, string DomainPath, AllowedTo Role)
{
    /// <summary>True for the cloud's administrators, who see everything.</summary>
    public bool IsRootAdmin => Role == AllowedTo.RootAdmin;
}
