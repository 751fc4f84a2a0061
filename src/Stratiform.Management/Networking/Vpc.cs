using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>A tenant's private cloud: networks of one range, its tiers, behind one router that routes between them.</summary>
public sealed class Vpc : IOwned, IRemovable
{
    private Vpc() { }

    public Vpc(string name, VpcOffering offering, Id<Zone> zone, IPNetwork cidr, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Vpc>();
        (Name, OfferingId, ZoneId, Cidr, AccountId, DomainId, CreatedAt) = (name, offering.Id, zone, cidr, account, domain, now);
        (Scope, ScopeId) = (new(Id.Value, account, domain, offering.IsRedundant), new(Id.Value));
    }

    public Id<Vpc> Id { get; private set; }
    public string Name { get; set; } = "";
    public string DisplayText { get; set; } = "";
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public Id<Zone> ZoneId { get; private set; }
    public Id<VpcOffering> OfferingId { get; private set; }

    /// <summary>What its router serves.</summary>
    public Id<RouterScope> ScopeId { get; private set; }

    /// <summary>That, as long as it is new.</summary>
    public RouterScope? Scope { get; private set; }

    /// <summary>The ranges of its tiers are within.</summary>
    public IPNetwork Cidr { get; private set; }

    /// <summary>Search domain of its guests.</summary>
    public required string NetworkDomain { get; init; }

    /// <summary>The name servers that its router asks; none for those of its zone.</summary>
    public string[] NameServers { get; init; } = [];

    public VpcState State { get; private set; } = VpcState.Enabled;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.Vpc, Id.Value);

    public void MarkInactive() => State = VpcState.Inactive;

    public void MarkEnabled() => State = VpcState.Enabled;

    public void Remove(DateTimeOffset now) => (State, RemovedAt) = (VpcState.Inactive, now);

    /// <summary>Refuses a range that no tier of it may have.</summary>
    /// <exception cref="CloudException">It is not within the VPC's (431).</exception>
    public void RequireWithin(IPNetwork tier)
    {
        if (tier.PrefixLength < Cidr.PrefixLength || !Cidr.Contains(tier.BaseAddress))
            throw Refusal.Parameter($"The network {tier} is not within the VPC {Name} ({Cidr}); choose gateway and netmask there.");
    }

    /// <summary>Lets those who change what a VPC has pass one after the other, in their commits, and its router learns of it.</summary>
    /// <exception cref="CloudException">It is being deleted (537).</exception>
    public static async Task RaiseForChangeAsync(DbContext commit, Vpc vpc, CancellationToken ct)
    {
        await RoutersInStep.RaiseAsync(commit, vpc.ScopeId, ct);
        if (!await commit.Set<Vpc>().AnyAsync(v => v.Id == vpc.Id && v.State == VpcState.Enabled, ct))
            throw Refusal.Conflict($"The VPC {vpc.Name} is being deleted; use another one.");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Vpc>
    {
        public void Configure(EntityTypeBuilder<Vpc> entity)
        {
            entity.HasIndex(v => new { v.AccountId, v.CreatedAt }).HasFilter("removed_at IS NULL");
            entity.HasIndex(v => v.ScopeId).IsUnique();
            entity.HasOne(v => v.Scope).WithMany().HasForeignKey(v => v.ScopeId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<VpcOffering>().WithMany().HasForeignKey(v => v.OfferingId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Zone>().WithMany().HasForeignKey(v => v.ZoneId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Where a VPC stands, in the API's words: there, or on its way out.</summary>
public enum VpcState
{
    Enabled,
    Inactive,
}
