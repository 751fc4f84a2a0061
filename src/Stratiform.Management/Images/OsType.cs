using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>A guest operating system, as templates name it.</summary>
public sealed class OsType
{
    private OsType() { }

    public OsType(string category, string description)
    {
        Id = new Id<OsType>(Protocol.Id.Derive(Guid.Empty, category, description));
        (Category, Description) = (category, description);
    }

    public Id<OsType> Id { get; private set; }
    public string Category { get; private set; } = "";
    public string Description { get; private set; } = "";

    internal sealed class Mapping : IEntityTypeConfiguration<OsType>
    {
        public void Configure(EntityTypeBuilder<OsType> entity) => entity.HasIndex(o => o.Description).IsUnique();
    }
}
