using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Whom all remote access VPNs of an account let in.</summary>
public sealed partial class VpnUser : IOwned
{
    private const int ShortestPassword = 3;
    private const int LongestPassword = 64;

    private VpnUser() { }

    public VpnUser(string name, byte[] wrappedPassword, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
    {
        Id = Protocol.Id.New<VpnUser>();
        (Name, Key, WrappedPassword, AccountId, DomainId, CreatedAt) = (name, KeyOf(name), wrappedPassword, account, domain, now);
    }

    public Id<VpnUser> Id { get; private set; }
    public string Name { get; private set; } = "";

    /// <summary>The name as routers compare it: without regard to capitals.</summary>
    public string Key { get; private set; } = "";

    public byte[] WrappedPassword { get; private set; } = [];
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public RuleState State { get; private set; } = RuleState.Add;
    public DateTimeOffset CreatedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.VpnUser, Id.Value);

    public void MarkActive() => State = RuleState.Active;

    public void MarkRevoked() => State = RuleState.Revoke;

    /// <summary>What names are compared by.</summary>
    public static string KeyOf(string name) => name.ToLowerInvariant();

    /// <summary>Refuses what no router could be configured by.</summary>
    /// <exception cref="CloudException">It could not (431).</exception>
    internal static void Require(string name, string password)
    {
        if (!Sound().IsMatch(name))
            throw Refusal.Parameter("username is 3 to 64 letters, digits and any of @ . _ -, of which the first is a letter or a digit.");
        if (password.Length is < ShortestPassword or > LongestPassword || password.Any(c => c is < ' ' or > '~'))
            throw Refusal.Parameter($"password is {ShortestPassword} to {LongestPassword} printable ASCII characters.");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9@._-]{2,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sound();

    internal sealed class Mapping : IEntityTypeConfiguration<VpnUser>
    {
        public void Configure(EntityTypeBuilder<VpnUser> entity)
        {
            entity.HasIndex(u => new { u.AccountId, u.Key }).IsUnique();
            entity.HasIndex(u => new { u.AccountId, u.CreatedAt });
        }
    }
}
