using System.Globalization;
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

/// <summary>
/// A network of guests: a tenant's behind its own router, a tier of a VPC or without a router, or the cloud's, which several tenants share and
/// where a router gives addresses and the way out is somebody else's.
/// </summary>
public sealed class Network : IOwned, IRemovable
{
    private Network() { }

    public Network(
        string name, NetworkOffering offering, PhysicalNetwork wires, Subnet? subnet, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
        : this(name, offering, wires, account, domain, now)
    {
        (Cidr, Gateway) = (subnet?.Cidr, subnet?.Gateway);
        if (subnet is not null) (Scope, ScopeId) = (new(Id.Value, account, domain, offering.IsRedundant), new(Id.Value));
    }

    /// <summary>A tier of a VPC.</summary>
    public Network(string name, NetworkOffering offering, PhysicalNetwork wires, Subnet subnet, Vpc vpc, Id<AclList> acl, DateTimeOffset now)
        : this(name, offering, wires, vpc.AccountId, vpc.DomainId, now) =>
        (Cidr, Gateway, VpcId, ScopeId, AclId) = (subnet.Cidr, subnet.Gateway, vpc.Id, vpc.ScopeId, acl);

    /// <summary>A network that several accounts share; it belongs to the cloud.</summary>
    public Network(string name, NetworkOffering offering, PhysicalNetwork wires, Subnet subnet, SharedUse use, Account cloud, DateTimeOffset now)
        : this(name, offering, wires, subnet, cloud.Id, cloud.DomainId, now) =>
        (IsShared, Vni, ForAccountId, ForDomainId, ForSubdomains) = (true, use.Vni, use.AccountId, use.DomainId, use.WithSubdomains);

    /// <summary>An operator's network outside of the tenants', on given wires; it belongs to the cloud.</summary>
    public Network(PhysicalNetwork wires, int? vni, Account cloud, DateTimeOffset now)
        : this(WiresOf(vni), NetworkOffering.ForGateways, wires, cloud.Id, cloud.DomainId, now) => (IsShared, IsPrivate, Vni) = (true, true, vni);

    private Network(string name, NetworkOffering offering, PhysicalNetwork wires, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Network>();
        (Name, OfferingId, PhysicalNetworkId, ZoneId) = (name, offering.Id, wires.Id, wires.ZoneId);
        (AccountId, DomainId, CreatedAt) = (account, domain, now);
    }

    public Id<Network> Id { get; private set; }
    public string Name { get; set; } = "";
    public string DisplayText { get; set; } = "";
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public Id<Zone> ZoneId { get; private set; }
    public Id<PhysicalNetwork> PhysicalNetworkId { get; private set; }
    public Id<NetworkOffering> OfferingId { get; set; }

    /// <summary>The VPC that it is a tier of; null for a network of its own.</summary>
    public Id<Vpc>? VpcId { get; private set; }

    /// <summary>Says what may go into the tier and out of it; null for a network of its own.</summary>
    public Id<AclList>? AclId { get; private set; }

    /// <summary>Its range of addresses; null on layer 2, where nobody gives any.</summary>
    public IPNetwork? Cidr { get; private set; }

    /// <summary>Its guests' way out: the router's address in it, or that of somebody else in a shared one; null on layer 2.</summary>
    public IPAddress? Gateway { get; private set; }

    /// <summary>Both of them, for whatever has to do with routers.</summary>
    public Subnet Subnet => new(Cidr!.Value, Gateway!);

    /// <summary>Whether its guests get addresses, by a router; else it is layer 2, and they have what they like.</summary>
    public bool IsRouted => Cidr is not null;

    /// <summary>Several accounts use it, and its way out is not its router.</summary>
    public bool IsShared { get; private set; }

    /// <summary>Private gateways of VPCs are in it, and nothing else of the cloud's: wires alone.</summary>
    public bool IsPrivate { get; private set; }

    /// <summary>It is on the hosts' own bridge for guests, rather than on a virtual network of its own.</summary>
    public bool IsUntagged => IsShared && Vni is null;

    /// <summary>Where it is, in the words of createNetwork; null while it has no place.</summary>
    public string? Wires => Vni is null && !IsShared ? null : WiresOf(Vni);

    /// <summary>The address that its router is to have in a shared one; null for any.</summary>
    public Ipv4Address? RouterIp { get; set; }

    /// <summary>The part of its range that guests get addresses of; null for all of it.</summary>
    public IPNetwork? GuestCidr { get; set; }

    /// <summary>Tenants do not see it in lists.</summary>
    public bool IsHidden { get; set; }

    /// <summary>The one account that may use a shared one; null for all of the domain.</summary>
    public Id<Account>? ForAccountId { get; private set; }

    /// <summary>The domain whose accounts may use a shared one.</summary>
    public Id<Domain>? ForDomainId { get; private set; }

    /// <summary>So may those of the domains below.</summary>
    public bool ForSubdomains { get; private set; }

    /// <summary>Whether one account may use it, or all of a domain.</summary>
    public NetworkAclType AclType => IsShared && ForAccountId is null ? NetworkAclType.Domain : NetworkAclType.Account;

    /// <summary>First and last of the addresses that it may give to guests, the last being the operator's way in; a shared one has ranges instead.</summary>
    public (uint First, uint Last) Given
    {
        get
        {
            var (first, last) = Ipv4.HostsOf(Subnet.Cidr);
            return GuestCidr is { } part ? GuestRanges.Within(part, first, last - 1) : (first, last - 1);
        }
    }

    /// <summary>Search domain of its guests.</summary>
    public required string NetworkDomain { get; set; }

    /// <summary>The name servers that its router asks; none for those of its zone. A tier has its VPC's.</summary>
    public string[] NameServers { get; set; } = [];

    /// <summary>The largest packet of its guests and of its router's card in it, bytes.</summary>
    public int Mtu { get; set; } = 1500;
    public NetworkState State { get; private set; } = NetworkState.Allocated;

    /// <summary>The virtual network's number on the wires, while implemented.</summary>
    public int? Vni { get; private set; }

    /// <summary>What its router serves; null on layer 2, where there is none.</summary>
    public Id<RouterScope>? ScopeId { get; private set; }

    /// <summary>That, as long as it is new and the network's own.</summary>
    public RouterScope? Scope { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.Network, Id.Value);

    /// <summary>Refuses what the state does not allow.</summary>
    /// <exception cref="CloudException">The state is none of these.</exception>
    public void RequireState(string action, params ReadOnlySpan<NetworkState> states)
    {
        if (!states.Contains(State))
            throw Refusal.Parameter($"The network {Name} is {State}; to {action}, it must be {string.Join(" or ", states.ToArray())}.");
    }

    /// <summary>Another list says what may go into it and out of it.</summary>
    public void GuardBy(Id<AclList> acl) => AclId = acl;

    public void MarkImplementing() => State = NetworkState.Implementing;

    public void MarkImplemented() => State = NetworkState.Implemented;

    public void MarkAllocated() => State = NetworkState.Allocated;

    public void MarkShuttingDown() => State = NetworkState.Shutdown;

    public void TakeVni(int vni) => Vni ??= vni;

    /// <summary>Gives its number back; that of a shared one was chosen for it.</summary>
    public void ReleaseVni()
    {
        if (!IsShared) Vni = null;
    }

    private static string WiresOf(int? vni) => vni is null ? "untagged" : string.Create(CultureInfo.InvariantCulture, $"vxlan://{vni}");

    public void Remove(DateTimeOffset now) => (State, RemovedAt, AclId, Vni) = (NetworkState.Destroy, now, null, null);

    internal sealed class Mapping : IEntityTypeConfiguration<Network>
    {
        public void Configure(EntityTypeBuilder<Network> entity)
        {
            entity.Ignore(n => n.Subnet).Ignore(n => n.IsRouted).Ignore(n => n.IsUntagged).Ignore(n => n.Wires).Ignore(n => n.Given).Ignore(n => n.AclType);
            entity.HasIndex(n => n.ScopeId);
            entity.HasOne(n => n.Scope).WithMany().HasForeignKey(n => n.ScopeId).OnDelete(DeleteBehavior.Restrict);
            entity.HasIndex(n => new { n.PhysicalNetworkId, n.Vni }).IsUnique().HasFilter("vni IS NOT NULL");
            entity.HasIndex(n => n.PhysicalNetworkId, "ix_network_untagged_private").IsUnique().HasFilter("is_private AND vni IS NULL AND removed_at IS NULL");
            entity.HasIndex(n => new { n.AccountId, n.CreatedAt }).HasFilter("removed_at IS NULL");
            entity.HasOne<Vpc>().WithMany().HasForeignKey(n => n.VpcId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<AclList>().WithMany().HasForeignKey(n => n.AclId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<NetworkOffering>().WithMany().HasForeignKey(n => n.OfferingId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<PhysicalNetwork>().WithMany().HasForeignKey(n => n.PhysicalNetworkId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Where a network stands, in the API's words.</summary>
public enum NetworkState
{
    Allocated,
    Implementing,
    Implemented,
    Shutdown,
    Destroy,
}

/// <summary>A network's addresses.</summary>
/// <param name="Cidr">The range.</param>
/// <param name="Gateway">The router's address in it.</param>
public sealed record Subnet(IPNetwork Cidr, IPAddress Gateway)
{
    /// <summary>Whether somebody in it can have the address: it is neither the network's own, nor that of all, nor the router's.</summary>
    public bool HasRoomFor(Ipv4Address ip)
    {
        var (first, last) = Ipv4.HostsOf(Cidr);
        return ip.Number >= first && ip.Number <= last && ip != Ipv4Address.Of(Gateway);
    }
}
