using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute;

/// <summary>Virtual machines of one account that let the same others in, and are let in as one where other groups name theirs.</summary>
public sealed class SecurityGroup : IOwned
{
    /// <summary>The name of the group that is there for virtual machines for which none is chosen.</summary>
    public const string Default = "default";

    private SecurityGroup() { }

    public SecurityGroup(string name, string description, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
    {
        Id = Protocol.Id.New<SecurityGroup>();
        (Name, Description, AccountId, DomainId, CreatedAt) = (name, description, account, domain, now);
    }

    public Id<SecurityGroup> Id { get; private set; }
    public string Name { get; private set; } = "";
    public string Description { get; private set; } = "";
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.SecurityGroup, Id.Value);

    /// <summary>Calls it otherwise.</summary>
    /// <exception cref="CloudException">It is the default one (431).</exception>
    public void Rename(string name)
    {
        RequireOrdinary("rename");
        Name = name;
    }

    /// <summary>Refuses the group that is always there.</summary>
    /// <exception cref="CloudException">It is (431).</exception>
    public void RequireOrdinary(string action)
    {
        if (Name == Default) throw Refusal.Parameter($"The security group {Default} is always there; nobody can {action} it.");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<SecurityGroup>
    {
        public void Configure(EntityTypeBuilder<SecurityGroup> entity) => entity.HasIndex(g => new { g.AccountId, g.Name }).IsUnique();
    }
}

/// <summary>Packets that a security group lets pass, from one network or from the members of one group.</summary>
public sealed class SecurityRule
{
    private SecurityRule() { }

    internal SecurityRule(Id<SecurityRule> id, Id<SecurityGroup> group, SecurityRuleContent content)
    {
        (Id, GroupId, Traffic, Protocol, StartPort, EndPort) = (id, group, content.Traffic, content.Protocol, content.StartPort, content.EndPort);
        (IcmpType, IcmpCode, Cidr, PeerId) = (content.IcmpType, content.IcmpCode, content.Cidr is { } cidr ? IPNetwork.Parse(cidr) : null, content.PeerId);
    }

    public Id<SecurityRule> Id { get; private set; }
    public Id<SecurityGroup> GroupId { get; private set; }
    public AclTraffic Traffic { get; private set; }

    /// <summary>tcp, udp, icmp, all, or the number of another protocol.</summary>
    public string Protocol { get; private set; } = "";

    /// <summary>Null for all.</summary>
    public int? StartPort { get; private set; }

    public int? EndPort { get; private set; }

    /// <summary>-1 for all.</summary>
    public int? IcmpType { get; private set; }

    /// <summary>-1 for all.</summary>
    public int? IcmpCode { get; private set; }

    /// <summary>The other side's network; null where it is a group.</summary>
    public IPNetwork? Cidr { get; private set; }

    /// <summary>The group that the other side is in; null where it is a network.</summary>
    public Id<SecurityGroup>? PeerId { get; private set; }

    /// <summary>All that it says.</summary>
    public SecurityRuleContent Content => new()
    {
        Traffic = Traffic,
        Protocol = Protocol,
        StartPort = StartPort,
        EndPort = EndPort,
        IcmpType = IcmpType,
        IcmpCode = IcmpCode,
        Cidr = Cidr?.ToString(),
        PeerId = PeerId,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<SecurityRule>
    {
        public void Configure(EntityTypeBuilder<SecurityRule> entity)
        {
            entity.Ignore(r => r.Content);
            entity.HasIndex(r => r.GroupId);
            entity.HasIndex(r => r.PeerId).HasFilter("peer_id IS NOT NULL");
            entity.HasOne<SecurityGroup>().WithMany().HasForeignKey(r => r.GroupId).OnDelete(DeleteBehavior.Cascade);
            entity.HasOne<SecurityGroup>().WithMany().HasForeignKey(r => r.PeerId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>What a rule of a security group says.</summary>
public sealed record SecurityRuleContent
{
    /// <summary>Seen from the group's members.</summary>
    public required AclTraffic Traffic { get; init; }

    public required string Protocol { get; init; }
    public int? StartPort { get; init; }
    public int? EndPort { get; init; }
    public int? IcmpType { get; init; }
    public int? IcmpCode { get; init; }
    public string? Cidr { get; init; }
    public Id<SecurityGroup>? PeerId { get; init; }
}

/// <summary>A virtual machine that is in a security group.</summary>
public sealed class GroupMember
{
    public required Id<SecurityGroup> GroupId { get; init; }
    public required Id<VirtualMachine> VmId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<GroupMember>
    {
        public void Configure(EntityTypeBuilder<GroupMember> entity)
        {
            entity.HasKey(m => new { m.VmId, m.GroupId });
            entity.HasIndex(m => m.GroupId);
            entity.HasOne<SecurityGroup>().WithMany().HasForeignKey(m => m.GroupId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<VirtualMachine>().WithMany().HasForeignKey(m => m.VmId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
