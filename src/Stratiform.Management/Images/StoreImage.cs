using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>A template's copy in an image store, which pools take theirs from.</summary>
public sealed class StoreImage
{
    private StoreImage() { }

    public StoreImage(Id<Template> template, Id<ImageStore> store)
    {
        Id = IdOf(template, store);
        (TemplateId, StoreId) = (template, store);
    }

    public Id<StoreImage> Id { get; private set; }
    public Id<Template> TemplateId { get; private set; }
    public Id<ImageStore> StoreId { get; private set; }

    /// <summary>True once the copy is whole and verified.</summary>
    public bool Ready { get; private set; }

    /// <summary><c>{SHA-256}hex</c> of the copy itself, with which it is verified wherever it is read; empty until it is ready.</summary>
    public string Checksum { get; private set; } = "";

    public void MarkReady(string checksum) => (Ready, Checksum) = (true, checksum);

    /// <summary>It is about to go.</summary>
    public void TakeOutOfUse() => Ready = false;

    public Subject Subject => SubjectOf(TemplateId, StoreId);

    /// <summary>The copy's id: the same for the same template and store.</summary>
    public static Id<StoreImage> IdOf(Id<Template> template, Id<ImageStore> store) =>
        new(Protocol.Id.Derive(template.Value, "store", store.ToString()));

    public static Subject SubjectOf(Id<Template> template, Id<ImageStore> store) => new(SubjectKinds.Image, IdOf(template, store).Value);

    internal sealed class Mapping : IEntityTypeConfiguration<StoreImage>
    {
        public void Configure(EntityTypeBuilder<StoreImage> entity)
        {
            entity.HasIndex(i => new { i.TemplateId, i.StoreId }).IsUnique();
            entity.HasOne<Template>().WithMany().HasForeignKey(i => i.TemplateId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<ImageStore>().WithMany().HasForeignKey(i => i.StoreId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
