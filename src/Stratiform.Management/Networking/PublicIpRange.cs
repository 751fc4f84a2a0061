using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Public addresses with the gateway they leave by: of a zone, or portable ones, which any zone's networks may have.</summary>
public sealed class PublicIpRange : IRemovable
{
    private PublicIpRange() { }

    public PublicIpRange(PhysicalNetwork wires, IPAddress start, IPAddress end, DateTimeOffset now)
    {
        Id = Protocol.Id.New<PublicIpRange>();
        (PhysicalNetworkId, ZoneId, StartIp, EndIp, CreatedAt) = (wires.Id, wires.ZoneId, start, end, now);
    }

    /// <summary>Portable ones.</summary>
    public PublicIpRange(IPAddress start, IPAddress end, DateTimeOffset now)
    {
        Id = Protocol.Id.New<PublicIpRange>();
        (StartIp, EndIp, CreatedAt) = (start, end, now);
    }

    public Id<PublicIpRange> Id { get; private set; }

    /// <summary>What carries them; null for portable ones, which the public networks of all zones do.</summary>
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; private set; }

    /// <summary>Null for portable ones.</summary>
    public Id<Zone>? ZoneId { get; private set; }

    public required IPAddress Gateway { get; init; }
    public required IPAddress Netmask { get; init; }
    public IPAddress StartIp { get; private set; } = null!;
    public IPAddress EndIp { get; private set; } = null!;

    /// <summary>The VLAN of the public wires that carries them, 1 to 4094; null for untagged.</summary>
    public int? Vlan { get; init; }

    /// <summary>System VMs alone have its addresses.</summary>
    public bool ForSystemVms { get; init; }

    /// <summary>Its VLAN in the API's words.</summary>
    public string Wires => WiresOf(Vlan);

    /// <summary>The network of its gateway.</summary>
    public IPNetwork Network => Ipv4.NetworkOf(Gateway, Ipv4.PrefixOf(Netmask));

    /// <summary>The domain that alone may use its addresses, with all below; null for everybody.</summary>
    public Id<Domain>? KeptForDomainId { get; private set; }

    /// <summary>The account of that domain that alone may; null for all of them.</summary>
    public Id<Account>? KeptForAccountId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Its addresses can move between networks and VPCs.</summary>
    public bool IsPortable => ZoneId is null;

    /// <summary>Whether an address is of both.</summary>
    public bool Overlaps(PublicIpRange other) =>
        Ipv4.NumberOf(StartIp) <= Ipv4.NumberOf(other.EndIp) && Ipv4.NumberOf(other.StartIp) <= Ipv4.NumberOf(EndIp);

    /// <summary>Whether both can be: their networks are apart, or the same on the same wires with the same gateway.</summary>
    public bool GoesWith(PublicIpRange other) =>
        !Ipv4.Overlap(Network, other.Network) || Vlan == other.Vlan && Gateway.Equals(other.Gateway) && Netmask.Equals(other.Netmask);

    internal static string WiresOf(int? vlan) => vlan is null ? "vlan://untagged" : string.Create(CultureInfo.InvariantCulture, $"vlan://{vlan}");

    /// <summary>Only this domain, or this account of it, gets its addresses from now on; null for everybody.</summary>
    public void KeepFor(Id<Domain>? domain, Id<Account>? account) => (KeptForDomainId, KeptForAccountId) = (domain, account);

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<PublicIpRange>
    {
        public void Configure(EntityTypeBuilder<PublicIpRange> entity)
        {
            entity.Ignore(r => r.Wires).Ignore(r => r.Network);
            entity.HasIndex(r => r.ZoneId);
            entity.HasOne<PhysicalNetwork>().WithMany().HasForeignKey(r => r.PhysicalNetworkId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Domain>().WithMany().HasForeignKey(r => r.KeptForDomainId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Account>().WithMany().HasForeignKey(r => r.KeptForAccountId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>One public address; free while neither a router's scope nor a system VM holds it, and no account has reserved it.</summary>
public sealed class PublicIpAddress
{
    private PublicIpAddress() { }

    public PublicIpAddress(PublicIpRange range, Ipv4Address address)
    {
        Id = Protocol.Id.New<PublicIpAddress>();
        (RangeId, ZoneId, Address) = (range.Id, range.ZoneId, address);
    }

    public Id<PublicIpAddress> Id { get; private set; }
    public Id<PublicIpRange> RangeId { get; private set; }

    /// <summary>Null for a portable one, which is where its network or VPC is.</summary>
    public Id<Zone>? ZoneId { get; private set; }

    public Ipv4Address Address { get; private set; }

    /// <summary>The network or VPC that holds it.</summary>
    public Id<RouterScope>? ScopeId { get; private set; }

    /// <summary>The system VM that holds it; its id, since that slice lies above.</summary>
    public Guid? SystemVmId { get; private set; }

    /// <summary>The account that alone may acquire it; as long as it has it afterwards, too, so that it is reserved again should that fail.</summary>
    public Id<Account>? ReservedById { get; private set; }

    /// <summary>Guests go out by this address.</summary>
    public bool IsSourceNat { get; private set; }

    /// <summary>Its owner asked for it, and keeps it while nothing runs in the network; false for one that a network was just given to go out by.</summary>
    public bool IsAcquired { get; private set; }

    /// <summary>The card that all of it leads to, and by which that guest goes out.</summary>
    public Id<Nic>? StaticNatNicId { get; private set; }

    /// <summary>Which of that card's further addresses; null for its own.</summary>
    public Id<NicAddress>? StaticNatFurtherId { get; private set; }

    /// <summary>It can move to another network or VPC of its owner's.</summary>
    public bool IsPortable => ZoneId is null;

    /// <summary>It is on its way back, or to another network: its router serves it no more.</summary>
    public bool IsReleasing { get; private set; }

    public DateTimeOffset? AllocatedAt { get; private set; }

    public PublicIpState State =>
        IsReleasing ? PublicIpState.Releasing
        : ScopeId is not null || SystemVmId is not null ? PublicIpState.Allocated
        : ReservedById is null ? PublicIpState.Free : PublicIpState.Reserved;

    public Subject Subject => new(SubjectKinds.PublicAddress, Id.Value);

    /// <summary>The network or VPC holds it from now on, because its owner wants to.</summary>
    /// <param name="scope">What holds it.</param>
    /// <param name="now">The time.</param>
    /// <param name="isSourceNat">True when its guests go out by it; it has no other such address.</param>
    public void Take(Id<RouterScope> scope, DateTimeOffset now, bool isSourceNat = false) =>
        (ScopeId, AllocatedAt, IsAcquired, IsSourceNat) = (scope, ReservedById is null ? now : AllocatedAt, true, isSourceNat);

    /// <summary>Only networks and VPCs of this account may hold it from now on.</summary>
    public void Reserve(Id<Account> account, DateTimeOffset now) => (ReservedById, AllocatedAt) = (account, now);

    /// <summary>Another network or VPC of its owner's holds it from now on.</summary>
    public void MoveTo(Id<RouterScope> scope) => (ScopeId, IsReleasing) = (scope, false);

    public void MarkReleasing() => IsReleasing = true;

    public void MarkHeld() => IsReleasing = false;

    /// <summary>Nobody has it any more.</summary>
    public void Release()
    {
        ReservedById = null;
        GiveUp();
    }

    /// <summary>Nobody holds it any more; who had reserved it before has it still.</summary>
    public void GiveUp()
    {
        (ScopeId, IsReleasing, IsAcquired, IsSourceNat) = (null, false, false, false);
        if (ReservedById is null) AllocatedAt = null;
        LeadTo(null);
    }

    /// <summary>Where all of it leads; null for nowhere.</summary>
    public CardAddress? LeadsTo => StaticNatNicId is { } nic ? new(nic, StaticNatFurtherId) : null;

    /// <summary>All of it leads to this card, or to none.</summary>
    public void LeadTo(CardAddress? card) => (StaticNatNicId, StaticNatFurtherId) = (card?.NicId, card?.FurtherId);

    internal sealed class Mapping : IEntityTypeConfiguration<PublicIpAddress>
    {
        public void Configure(EntityTypeBuilder<PublicIpAddress> entity)
        {
            // An address that has just been taken is not deleted with its range.
            entity.Property(a => a.ScopeId).IsConcurrencyToken();
            entity.HasIndex(a => new { a.ZoneId, a.Address }).IsUnique().AreNullsDistinct(false);
            entity.Property(a => a.SystemVmId).IsConcurrencyToken();
            entity.Property(a => a.ReservedById).IsConcurrencyToken();
            entity.HasIndex(a => a.ReservedById);
            entity.HasOne<Account>().WithMany().HasForeignKey(a => a.ReservedById).OnDelete(DeleteBehavior.Restrict);
            entity.HasIndex(a => a.ScopeId);
            entity.HasIndex(a => a.SystemVmId).IsUnique();
            entity.Ignore(a => a.LeadsTo);
            entity.HasIndex(a => new { a.StaticNatNicId, a.StaticNatFurtherId }).IsUnique().AreNullsDistinct(false).HasFilter("static_nat_nic_id IS NOT NULL");
            entity.HasIndex(a => new { a.ScopeId, a.IsSourceNat }).IsUnique().HasFilter("is_source_nat");
            entity.HasOne<PublicIpRange>().WithMany().HasForeignKey(a => a.RangeId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<RouterScope>().WithMany().HasForeignKey(a => a.ScopeId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Nic>().WithMany().HasForeignKey(a => a.StaticNatNicId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<NicAddress>().WithMany().HasForeignKey(a => a.StaticNatFurtherId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>What a public address is doing, in the API's words.</summary>
public enum PublicIpState
{
    /// <summary>Nobody's.</summary>
    Free,

    /// <summary>A network's, a VPC's or a system VM's.</summary>
    Allocated,

    /// <summary>Kept for an account that has no network or VPC hold it yet.</summary>
    Reserved,

    /// <summary>On its way back: routers are still to let go of it.</summary>
    Releasing,
}
