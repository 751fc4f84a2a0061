using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Database;

/// <summary>The one row that says what this database belongs to: it ties its secrets to the master key that wrapped them.</summary>
public sealed class Installation
{
    private Installation() { }

    /// <summary>The same for every cloud: there is one row.</summary>
    public Id<Installation> Id { get; private set; }

    /// <summary>The master key that a server must hold; see <see cref="MasterKey"/>.</summary>
    public string KeyId { get; private set; } = "";

    /// <summary>The key's id, or null while nobody has started a server on this database.</summary>
    public static Task<string?> ReadKeyIdAsync(CloudDb db, CancellationToken ct) =>
        db.Set<Installation>().Select(i => i.KeyId).SingleOrDefaultAsync(ct)!;

    /// <summary>Ties the database to a key unless another server was faster.</summary>
    public static Task BindAsync(CloudDb db, string keyId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"INSERT INTO installation (id, key_id) VALUES ({Guid.Empty}, {keyId}) ON CONFLICT DO NOTHING", ct);

    internal sealed class Mapping : IEntityTypeConfiguration<Installation>
    {
        public void Configure(EntityTypeBuilder<Installation> entity) => entity.Property(i => i.Id).ValueGeneratedNever();
    }
}
