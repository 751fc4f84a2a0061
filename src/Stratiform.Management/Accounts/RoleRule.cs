using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>One rule of a role: whether its accounts may call the commands of a name, in which <c>*</c> stands for anything.</summary>
public sealed class RoleRule
{
    private RoleRule() { }

    public RoleRule(Id<Role> roleId, string pattern, RolePermission permission, int position)
    {
        Id = Protocol.Id.New<RoleRule>();
        (RoleId, Pattern, Permission, Position) = (roleId, pattern, permission, position);
    }

    public Id<RoleRule> Id { get; private set; }
    public Id<Role> RoleId { get; private set; }

    /// <summary>A command's name, with <c>*</c> for anything.</summary>
    public string Pattern { get; private set; } = "";

    public RolePermission Permission { get; set; }
    public string Description { get; set; } = "";

    /// <summary>The order in which the rules are tried.</summary>
    public int Position { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<RoleRule>
    {
        public void Configure(EntityTypeBuilder<RoleRule> entity)
        {
            entity.HasIndex(r => new { r.RoleId, r.Pattern }).IsUnique();
            entity.HasOne<Role>().WithMany().HasForeignKey(r => r.RoleId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What a rule says.</summary>
public enum RolePermission
{
    Allow,
    Deny,
}
