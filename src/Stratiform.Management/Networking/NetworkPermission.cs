using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>An account that may put guests into a network of another's.</summary>
public sealed class NetworkPermission
{
    public required Id<Network> NetworkId { get; init; }
    public required Id<Account> AccountId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<NetworkPermission>
    {
        public void Configure(EntityTypeBuilder<NetworkPermission> entity)
        {
            entity.HasKey(p => new { p.NetworkId, p.AccountId });
            entity.HasIndex(p => p.AccountId);
            entity.HasOne<Network>().WithMany().HasForeignKey(p => p.NetworkId).OnDelete(DeleteBehavior.Cascade);
            entity.HasOne<Account>().WithMany().HasForeignKey(p => p.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
