using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage;

/// <summary>A kind of disk that tenants may choose.</summary>
public sealed class DiskOffering : IRemovable
{
    private DiskOffering() { }

    public DiskOffering(string name, string displayText, DateTimeOffset now)
    {
        Id = Protocol.Id.New<DiskOffering>();
        (Name, DisplayText, CreatedAt) = (name, displayText, now);
    }

    public Id<DiskOffering> Id { get; private set; }
    public string Name { get; set; } = "";
    public string DisplayText { get; set; } = "";

    /// <summary>Its size; null when the tenant chooses.</summary>
    public long? SizeBytes { get; init; }

    public string[] Tags { get; init; } = [];
    public bool Shared { get; init; } = true;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<DiskOffering>
    {
        public void Configure(EntityTypeBuilder<DiskOffering> entity) => entity.HasIndex(o => o.CreatedAt);
    }
}
