using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A certificate by which load balancers end TLS. Its key leaves the database for routers only.</summary>
public sealed class SslCertificate : IOwned
{
    private SslCertificate() { }

    internal SslCertificate(string name, UploadedCertificate uploaded, Secrets secrets, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
    {
        Id = Protocol.Id.New<SslCertificate>();
        (Name, AccountId, DomainId, CreatedAt) = (name, account, domain, now);
        (Certificate, Chain, Fingerprint) = (uploaded.Certificate, uploaded.Chain, uploaded.Fingerprint);
        WrappedKey = secrets.Wrap(uploaded.PrivateKey);
    }

    public Id<SslCertificate> Id { get; private set; }
    public string Name { get; private set; } = "";
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }

    /// <summary>The certificate itself, in PEM.</summary>
    public string Certificate { get; private set; } = "";

    /// <summary>Who issued it, and who issued that, in PEM; empty for none.</summary>
    public string Chain { get; private set; } = "";

    /// <summary>SHA-256 in pairs.</summary>
    public string Fingerprint { get; private set; } = "";

    public byte[] WrappedKey { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>All of it in one PEM file, as a load balancer reads it.</summary>
    public CertificateWish Open(Secrets secrets) => new(Id, Certificate + Chain + secrets.UnwrapText(WrappedKey));

    internal sealed class Mapping : IEntityTypeConfiguration<SslCertificate>
    {
        public void Configure(EntityTypeBuilder<SslCertificate> entity) => entity.HasIndex(c => new { c.AccountId, c.CreatedAt });
    }
}
