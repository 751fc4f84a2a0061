using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>
/// What one router serves: a network of its own, or all tiers of a VPC. It has the id of that network or VPC. Public addresses belong to
/// it, and what its router has to know is numbered here.
/// </summary>
public sealed class RouterScope : IOwned
{
    private RouterScope() { }

    public RouterScope(Guid id, Id<Account> account, Id<Domain> domain, bool isRedundant = false) =>
        (Id, AccountId, DomainId, IsRedundant) = (new(id), account, domain, isRedundant);

    public Id<RouterScope> Id { get; private set; }
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }

    /// <summary>Grows with each change that its router has to know.</summary>
    public long WantedGeneration { get; private set; } = 1;

    /// <summary>What its router is made of whenever one is made: routers come and go with their networks' guests.</summary>
    public RouterMake RouterMade { get; private set; } = RouterMake.BuiltIn;

    /// <summary>It has two routers, which take turns by themselves.</summary>
    public bool IsRedundant { get; private set; }

    /// <summary>It is to have two of them from now on.</summary>
    public void MakeRedundant() => IsRedundant = true;

    /// <summary>The largest packet that its router sends by its card in the public network, bytes.</summary>
    public int PublicMtu { get; set; } = HostNetworks.Mtu;

    /// <summary>Routers are made of this from now on.</summary>
    public void MakeRoutersOf(RouterMake made) => RouterMade = made;

    internal sealed class Mapping : IEntityTypeConfiguration<RouterScope>
    {
        public void Configure(EntityTypeBuilder<RouterScope> entity)
        {
            entity.HasIndex(s => s.AccountId);
            RouterMake.Map(entity.Property(s => s.RouterMade));
        }
    }
}
