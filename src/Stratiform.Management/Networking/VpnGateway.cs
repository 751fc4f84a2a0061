using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>The near end of a VPC's site-to-site VPNs: its router, at the address that its guests go out by.</summary>
public sealed class VpnGateway : IOwned
{
    private VpnGateway() { }

    public VpnGateway(Vpc vpc, DateTimeOffset now)
    {
        Id = Protocol.Id.New<VpnGateway>();
        (VpcId, AccountId, DomainId, CreatedAt) = (vpc.Id, vpc.AccountId, vpc.DomainId, now);
    }

    public Id<VpnGateway> Id { get; private set; }
    public Id<Vpc> VpcId { get; private set; }
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    internal sealed class Mapping : IEntityTypeConfiguration<VpnGateway>
    {
        public void Configure(EntityTypeBuilder<VpnGateway> entity)
        {
            entity.HasIndex(g => g.VpcId).IsUnique();
            entity.HasIndex(g => new { g.AccountId, g.CreatedAt });
            entity.HasOne<Vpc>().WithMany().HasForeignKey(g => g.VpcId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
