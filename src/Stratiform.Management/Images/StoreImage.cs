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
        (TemplateId, StoreId, ObjectId) = (template, store, Id.Value);
    }

    public Id<StoreImage> Id { get; private set; }
    public Id<Template> TemplateId { get; private set; }
    public Id<ImageStore> StoreId { get; private set; }

    /// <summary>
    /// What it is called in the store: another name with each attempt, so that a worker that was given up can no longer write what
    /// is read.
    /// </summary>
    public Guid ObjectId { get; private set; }

    /// <summary>True once the copy is whole and verified.</summary>
    public bool Ready { get; private set; }

    /// <summary>How much of it has come, hundredths.</summary>
    public int Percent { get; private set; }

    /// <summary><c>{SHA-256}hex</c> of the copy itself, with which it is verified wherever it is read; empty until it has come.</summary>
    public string Checksum { get; private set; } = "";

    /// <summary>It is written anew, under another name.</summary>
    public void BeginAttempt(Guid objectId) => (ObjectId, Percent) = (objectId, 0);

    public void Progress(int percent) => Percent = percent;

    /// <summary>It lies whole in the store.</summary>
    public void Came(string checksum) => (Percent, Checksum) = (100, checksum);

    public void MarkReady() => Ready = true;

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
