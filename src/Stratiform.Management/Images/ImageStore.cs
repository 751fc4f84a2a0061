using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>Secondary storage: where images rest.</summary>
public sealed class ImageStore : IRemovable
{
    private ImageStore() { }

    public ImageStore(string name, string url, string provider, Id<Zone> zone, DateTimeOffset now)
    {
        Id = Protocol.Id.New<ImageStore>();
        (Name, Url, Provider, ZoneId, CreatedAt) = (name, url, provider, zone, now);
    }

    public Id<ImageStore> Id { get; private set; }
    public string Name { get; private set; } = "";
    public string Url { get; private set; } = "";
    public string Provider { get; private set; } = "";
    public Id<Zone> ZoneId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ImageStore>
    {
        public void Configure(EntityTypeBuilder<ImageStore> entity) => entity.HasIndex(s => s.ZoneId);
    }
}
