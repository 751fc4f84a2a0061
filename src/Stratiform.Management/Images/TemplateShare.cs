using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>An account that may use a template of another's.</summary>
public sealed class TemplateShare
{
    public required Id<Template> TemplateId { get; init; }
    public required Id<Account> AccountId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<TemplateShare>
    {
        public void Configure(EntityTypeBuilder<TemplateShare> entity)
        {
            entity.HasKey(s => new { s.TemplateId, s.AccountId });
            entity.HasIndex(s => s.AccountId);
            entity.HasOne<Template>().WithMany().HasForeignKey(s => s.TemplateId).OnDelete(DeleteBehavior.Cascade);
            entity.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
