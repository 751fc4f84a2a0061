using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Ordered rules of what may go into tiers and out of them; a list of one VPC, or one of the two that every VPC has.</summary>
public sealed class AclList : IOwned
{
    private AclList() { }

    public AclList(string name, string description, Vpc vpc, DateTimeOffset now)
    {
        Id = Protocol.Id.New<AclList>();
        (Name, Description, VpcId, AccountId, DomainId, CreatedAt) = (name, description, vpc.Id, vpc.AccountId, vpc.DomainId, now);
    }

    private AclList(string name, string description)
    {
        Id = new(Protocol.Id.Derive(Guid.Empty, nameof(AclList), name));
        (Name, Description, CreatedAt) = (name, description, DateTimeOffset.UnixEpoch);
    }

    public Id<AclList> Id { get; private set; }
    public string Name { get; set; } = "";
    public string Description { get; set; } = "";

    /// <summary>Its VPC; null for one that every VPC has.</summary>
    public Id<Vpc>? VpcId { get; private set; }

    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.AclList, Id.Value);

    /// <summary>Lets all in and out.</summary>
    public static AclList DefaultAllow { get; } = new("default_allow", "Lets all in and out");

    /// <summary>Lets nothing in or out: what tiers have for want of another.</summary>
    public static AclList DefaultDeny { get; } = new("default_deny", "Lets nothing in or out");

    /// <summary>Refuses to change one that every VPC has.</summary>
    /// <exception cref="CloudException">It is (431).</exception>
    public void RequireOwn(string action)
    {
        if (VpcId is null) throw Refusal.Parameter($"The ACL list {Name} is the same for all VPCs, so nobody can {action} it; make one of your own (createNetworkACLList).");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<AclList>
    {
        public void Configure(EntityTypeBuilder<AclList> entity)
        {
            entity.HasIndex(l => new { l.VpcId, l.CreatedAt });
            entity.HasOne<Vpc>().WithMany().HasForeignKey(l => l.VpcId).OnDelete(DeleteBehavior.Restrict);
            entity.HasData(DefaultAllow, DefaultDeny);
        }
    }
}
