using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>A public key that guests let in. The private half is never kept.</summary>
public sealed class SshKeyPair : IOwned
{
    private SshKeyPair() { }

    public SshKeyPair(string name, string publicKey, string fingerprint, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
    {
        Id = Protocol.Id.New<SshKeyPair>();
        (Name, PublicKey, Fingerprint, AccountId, DomainId, CreatedAt) = (name, publicKey, fingerprint, account, domain, now);
    }

    public Id<SshKeyPair> Id { get; private set; }
    public string Name { get; private set; } = "";
    public string PublicKey { get; private set; } = "";

    /// <summary>MD5 in colon-separated pairs, as clients know it.</summary>
    public string Fingerprint { get; private set; } = "";

    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SshKeyPair>
    {
        public void Configure(EntityTypeBuilder<SshKeyPair> entity) =>
            entity.HasIndex(k => new { k.AccountId, k.Name }).IsUnique();
    }
}
