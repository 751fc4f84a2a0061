using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Agents;

/// <summary>The one row of the cloud's certificate authority: what its servers and agents know each other by.</summary>
public sealed class CertificateAuthority
{
    private CertificateAuthority() { }

    /// <summary>The same for every cloud: there is one row.</summary>
    public Id<CertificateAuthority> Id { get; private set; }

    /// <summary>Its own certificate, DER.</summary>
    public byte[] Certificate { get; private set; } = [];

    /// <summary>Its private key (PKCS#8), wrapped by <see cref="Secrets"/>.</summary>
    public byte[] WrappedKey { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The row, or null while nobody needed one.</summary>
    public static Task<CertificateAuthority?> ReadAsync(CloudDb db, CancellationToken ct) =>
        db.Set<CertificateAuthority>().AsNoTracking().SingleOrDefaultAsync(ct);

    /// <summary>Writes the row unless another server was faster.</summary>
    public static Task WriteAsync(CloudDb db, byte[] certificate, byte[] wrappedKey, DateTimeOffset now, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO certificate_authority (id, certificate, wrapped_key, created_at)
            VALUES ({Guid.Empty}, {certificate}, {wrappedKey}, {now}) ON CONFLICT DO NOTHING
            """,
            ct);

    internal sealed class Mapping : IEntityTypeConfiguration<CertificateAuthority>
    {
        public void Configure(EntityTypeBuilder<CertificateAuthority> entity) => entity.Property(a => a.Id).ValueGeneratedNever();
    }
}
