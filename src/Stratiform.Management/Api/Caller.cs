using Stratiform.Management.Accounts;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Api;

/// <summary>Who asks: everything a command needs to decide what exists for it.</summary>
/// <param name="UserId">The user.</param>
/// <param name="AccountId">The user's account.</param>
/// <param name="DomainId">The account's domain.</param>
/// <param name="DomainPath">The domain's materialised path, <c>/</c> for ROOT, else <c>/a/b/</c>.</param>
/// <param name="Role">The type of the caller's role, one flag: what it sees.</param>
public sealed record Caller(Id<User> UserId, Id<Account> AccountId, Id<Domain> DomainId, string DomainPath, AllowedTo Role)
{
    /// <summary>Somebody who has not proved who they are.</summary>
    internal static Caller Nobody { get; } = new(default, default, default, "", AllowedTo.Anonymous);

    /// <summary>Somebody who is just proving who they are.</summary>
    internal static Caller Of(User user, Account account) => Nobody with { UserId = user.Id, AccountId = account.Id, DomainId = account.DomainId };

    /// <summary>The account's name, for texts.</summary>
    public string AccountName { get; init; } = "";

    /// <summary>The wire name of the command being carried out, for texts.</summary>
    public string Command { get; init; } = "";

    /// <summary>The account's role, whose rules say what it may call.</summary>
    public Id<Role> RoleId { get; init; }

    /// <summary>How the caller proved it.</summary>
    internal Proof Proof { get; init; }

    /// <summary>For the workflow that the command enqueues.</summary>
    public AskedBy Asks => new(Command, UserId.Value, AccountId.Value, DomainId.Value);

    /// <summary>True for the cloud's administrators, who see everything.</summary>
    public bool IsRootAdmin => Role == AllowedTo.RootAdmin;

    /// <summary>True for those who see a domain and all below it.</summary>
    public bool IsDomainAdmin => Role is AllowedTo.DomainAdmin or AllowedTo.ResourceAdmin;
}

/// <summary>How a caller proved who it is.</summary>
internal enum Proof
{
    None,
    Signature,
    Session,
    IntegrationListener,
}
