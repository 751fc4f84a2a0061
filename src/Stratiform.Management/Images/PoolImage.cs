using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>A template's copy on a pool, which volumes there are clones of.</summary>
public sealed class PoolImage
{
    private PoolImage() { }

    public PoolImage(Id<Template> template, Id<StoragePool> pool)
    {
        Id = IdOf(template, pool);
        (TemplateId, PoolId) = (template, pool);
    }

    public Id<PoolImage> Id { get; private set; }
    public Id<Template> TemplateId { get; private set; }
    public Id<StoragePool> PoolId { get; private set; }

    /// <summary>True once the copy is whole and verified.</summary>
    public bool Ready { get; set; }

    /// <summary>Since when no disk was seen to need it; null while one does.</summary>
    public DateTimeOffset? UnusedSince { get; private set; }

    /// <summary>It is whole, and somebody wants it.</summary>
    public void MarkReady() => (Ready, UnusedSince) = (true, null);

    public Subject Subject => new(SubjectKinds.Image, Id.Value);

    /// <summary>The copy's id: the same for the same template and pool.</summary>
    public static Id<PoolImage> IdOf(Id<Template> template, Id<StoragePool> pool) =>
        new(Protocol.Id.Derive(template.Value, "pool", pool.ToString()));

    internal sealed class Mapping : IEntityTypeConfiguration<PoolImage>
    {
        public void Configure(EntityTypeBuilder<PoolImage> entity)
        {
            entity.HasIndex(i => new { i.TemplateId, i.PoolId }).IsUnique();
            entity.HasOne<Template>().WithMany().HasForeignKey(i => i.TemplateId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<StoragePool>().WithMany().HasForeignKey(i => i.PoolId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
