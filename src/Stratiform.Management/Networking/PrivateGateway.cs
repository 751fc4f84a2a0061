using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>
/// A door of a VPC to a network beside it: an operator's, or one that its owner uses. The VPC's router has a card there as long as it runs. An
/// ACL list judges what comes in by it and what goes out by it.
/// </summary>
public sealed class PrivateGateway : IOwned
{
    private PrivateGateway() { }

    public PrivateGateway(Vpc vpc, Network network, Subnet subnet, Ipv4Address ip, DateTimeOffset now)
    {
        Id = Protocol.Id.New<PrivateGateway>();
        (VpcId, ScopeId, AccountId, DomainId) = (vpc.Id, vpc.ScopeId, vpc.AccountId, vpc.DomainId);
        (NetworkId, Cidr, Gateway, Ip, CreatedAt) = (network.Id, subnet.Cidr, subnet.Gateway, ip, now);
    }

    public Id<PrivateGateway> Id { get; private set; }
    public Id<Vpc> VpcId { get; private set; }
    public Id<RouterScope> ScopeId { get; private set; }
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }

    /// <summary>Where its card is.</summary>
    public Id<Network> NetworkId { get; private set; }

    /// <summary>The range of addresses there.</summary>
    public IPNetwork Cidr { get; private set; }

    /// <summary>Who forwards there to what lies behind.</summary>
    public IPAddress Gateway { get; private set; } = IPAddress.Any;

    /// <summary>The router's own address there.</summary>
    public Ipv4Address Ip { get; private set; }

    /// <summary>What goes out by it has its address, rather than those of guests.</summary>
    public bool SourceNat { get; init; }

    /// <summary>Says what may come in by it and go out by it.</summary>
    public required Id<AclList> AclId { get; set; }

    public GatewayState State { get; private set; } = GatewayState.Creating;
    public DateTimeOffset CreatedAt { get; private set; }

    public void MarkReady() => State = GatewayState.Ready;

    public void MarkDeleting() => State = GatewayState.Deleting;

    /// <summary>Whether somebody else in its range can have the address.</summary>
    public bool HasNeighbour(Ipv4Address ip)
    {
        var (first, last) = Ipv4.HostsOf(Cidr);
        return ip != Ip && ip.Number >= first && ip.Number <= last;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<PrivateGateway>
    {
        public void Configure(EntityTypeBuilder<PrivateGateway> entity)
        {
            entity.HasIndex(g => g.ScopeId);
            entity.HasIndex(g => new { g.VpcId, g.NetworkId }).IsUnique();
            entity.HasIndex(g => new { g.NetworkId, g.Ip }).IsUnique();
            entity.HasIndex(g => new { g.AccountId, g.CreatedAt });
            entity.HasOne<Vpc>().WithMany().HasForeignKey(g => g.VpcId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Network>().WithMany().HasForeignKey(g => g.NetworkId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<AclList>().WithMany().HasForeignKey(g => g.AclId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Where a private gateway stands, in the API's words.</summary>
public enum GatewayState
{
    Creating,
    Ready,
    Deleting,
}
