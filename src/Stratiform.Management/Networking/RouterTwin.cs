using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>
/// A router's second domain while it is rebuilt, with the same MACs and addresses and its doors shut: the new one until it serves, from then
/// on the old one until it is gone.
/// </summary>
public sealed class RouterTwin
{
    private RouterTwin() { }

    public RouterTwin(Router router, Guid domainId, Id<Host> host, RouterMake? made = null) =>
        (RouterId, DomainId, HostId, Made) = (router.Id, domainId, host, made ?? router.Made);

    public Id<Router> RouterId { get; private set; }
    public Guid DomainId { get; private set; }
    public Id<Host> HostId { get; private set; }

    /// <summary>What the domain is made of.</summary>
    public RouterMake Made { get; private set; } = RouterMake.BuiltIn;

    /// <summary>The fence under which the domain was asked for.</summary>
    public long DomainFence { get; set; }

    /// <summary>The newest configuration it runs.</summary>
    public long AppliedGeneration { get; private set; }

    public void Applied(long generation) => AppliedGeneration = generation;

    /// <summary>It is the domain now that served until now.</summary>
    internal void StandFor((Guid DomainId, Id<Host> HostId, long Fence, RouterMake Made) leaving) => (DomainId, HostId, DomainFence, Made) = leaving;

    internal sealed class Mapping : IEntityTypeConfiguration<RouterTwin>
    {
        public void Configure(EntityTypeBuilder<RouterTwin> entity)
        {
            entity.HasKey(t => t.RouterId);
            entity.HasIndex(t => t.HostId);
            RouterMake.Map(entity.Property(t => t.Made));
            entity.HasOne<Router>().WithOne().HasForeignKey<RouterTwin>(t => t.RouterId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Host>().WithMany().HasForeignKey(t => t.HostId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
