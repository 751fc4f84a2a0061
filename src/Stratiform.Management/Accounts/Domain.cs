using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>A node of the tree of tenants.</summary>
public sealed class Domain : IRemovable
{
    private Domain() { }

    /// <summary>The root, or a child of <paramref name="parent"/>.</summary>
    public Domain(string name, Domain? parent, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Domain>();
        Name = name;
        ParentId = parent?.Id;
        Path = parent is null ? "/" : parent.PathOf(name);
        CreatedAt = now;
    }

    public Id<Domain> Id { get; private set; }
    public string Name { get; private set; } = "";
    public Id<Domain>? ParentId { get; private set; }

    /// <summary><c>/</c> for ROOT, else <c>/a/b/</c>: a subtree is a prefix.</summary>
    public string Path { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Where a child of that name lies.</summary>
    public string PathOf(string child) => Path + child + "/";

    /// <summary>Calls it otherwise; whoever does so moves the domains below it along.</summary>
    public void Rename(string name)
    {
        Path = string.Concat(Path.AsSpan(0, Path.Length - Name.Length - 1), name, "/");
        Name = name;
    }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<Domain>
    {
        public void Configure(EntityTypeBuilder<Domain> entity)
        {
            entity.HasIndex(d => d.Path).IsUnique().HasFilter("removed_at IS NULL");
            entity.HasOne<Domain>().WithMany().HasForeignKey(d => d.ParentId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
