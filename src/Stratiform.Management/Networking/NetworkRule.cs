using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>One rule of a network's router: who may come in by a public address, what may go out, or to which guests ports of it or of an address of a tier lead.</summary>
public sealed class NetworkRule : IOwned
{
    private NetworkRule() { }

    private NetworkRule(RulePurpose purpose, Network network, RuleMatch match, DateTimeOffset now)
    {
        Id = Stratiform.Protocol.Id.New<NetworkRule>();
        (Purpose, NetworkId, AccountId, DomainId, CreatedAt) = (purpose, network.Id, network.AccountId, network.DomainId, now);
        (Protocol, StartPort, EndPort, IcmpType, IcmpCode) = (match.Protocol, match.StartPort, match.EndPort, match.IcmpType, match.IcmpCode);
        (SourceCidrs, DestinationCidrs) = (match.SourceCidrs, match.DestinationCidrs);
    }

    public Id<NetworkRule> Id { get; private set; }
    public RulePurpose Purpose { get; private set; }
    public Id<Network> NetworkId { get; private set; }
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }

    /// <summary>The public address; null for what goes out, and within a VPC.</summary>
    public Id<PublicIpAddress>? AddressId { get; private set; }

    /// <summary>The tier that has the address of an internal load balancer.</summary>
    public Id<Network>? InternalNetworkId { get; private set; }

    /// <summary>That address, which its router holds there beside its own; those of one tier may share it.</summary>
    public Ipv4Address? InternalIp { get; private set; }

    /// <summary>tcp, udp, icmp, all, or the number of another protocol.</summary>
    public string Protocol { get; private set; } = "";

    /// <summary>Of public ports where ports lead to a guest; null for all.</summary>
    public int? StartPort { get; private set; }

    public int? EndPort { get; private set; }

    /// <summary>-1 for all.</summary>
    public int? IcmpType { get; private set; }

    /// <summary>-1 for all.</summary>
    public int? IcmpCode { get; private set; }

    /// <summary>Networks that packets come from, none within another.</summary>
    public IPNetwork[] SourceCidrs { get; private set; } = [];

    /// <summary>Networks that packets go to, none within another; of what goes out only.</summary>
    public IPNetwork[] DestinationCidrs { get; private set; } = [];

    /// <summary>The card that ports lead to.</summary>
    public Id<Nic>? NicId { get; private set; }

    /// <summary>Which of its further addresses; null for the card's own.</summary>
    public Id<NicAddress>? FurtherId { get; private set; }

    public int? PrivateStartPort { get; private set; }

    public int? PrivateEndPort { get; private set; }

    /// <summary>The rule that this firewall rule was opened with, and goes with.</summary>
    public Id<NetworkRule>? OpenedFor { get; private set; }

    public RuleState State { get; private set; } = RuleState.Add;
    public DateTimeOffset CreatedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.NetworkRule, Id.Value);

    /// <summary>Lets packets in that come to a public address.</summary>
    public static NetworkRule Firewall(Network network, PublicIpAddress address, RuleMatch match, DateTimeOffset now) =>
        new(RulePurpose.Firewall, network, match, now) { AddressId = address.Id };

    /// <summary>Makes an exception to what the network's offering says of packets that go out.</summary>
    public static NetworkRule Egress(Network network, RuleMatch match, DateTimeOffset now) => new(RulePurpose.Egress, network, match, now);

    /// <summary>Leads ports of a public address to a guest.</summary>
    public static NetworkRule Forwarding(
        Network network, PublicIpAddress address, RuleMatch match, RuleTarget target, DateTimeOffset now) =>
        new(RulePurpose.PortForwarding, network, match, now)
        {
            AddressId = address.Id,
            NicId = target.To.NicId,
            FurtherId = target.To.FurtherId,
            PrivateStartPort = target.StartPort,
            PrivateEndPort = target.EndPort,
        };

    /// <summary>Spreads what comes to a port of a public address among guests.</summary>
    public static NetworkRule Balancing(Network network, PublicIpAddress address, RuleMatch match, int privatePort, DateTimeOffset now) =>
        new(RulePurpose.LoadBalancing, network, match, now) { AddressId = address.Id, PrivateStartPort = privatePort, PrivateEndPort = privatePort };

    /// <summary>Spreads what comes to a port of an address of a tier, by guests of its VPC, among guests of a network of that VPC.</summary>
    public static NetworkRule InternalBalancing(Network members, Network tier, Ipv4Address ip, int port, int privatePort, DateTimeOffset now) =>
        new(RulePurpose.InternalBalancing, members, new() { Protocol = "tcp", StartPort = port, EndPort = port, SourceCidrs = [] }, now)
        {
            InternalNetworkId = tier.Id,
            InternalIp = ip,
            PrivateStartPort = privatePort,
            PrivateEndPort = privatePort,
        };

    /// <summary>The firewall rule that lets in what this rule leads on.</summary>
    public NetworkRule Opening(Network network, PublicIpAddress address, DateTimeOffset now)
    {
        var opening = Firewall(network, address, Match, now);
        opening.OpenedFor = Id;
        return opening;
    }

    /// <summary>Speaks of packets from other networks.</summary>
    public void LetIn(IPNetwork[] from) => SourceCidrs = from;

    /// <summary>Leads to another guest, or to other ports of it.</summary>
    public void LeadTo(RuleTarget target)
    {
        (NicId, FurtherId) = (target.To.NicId, target.To.FurtherId);
        (PrivateStartPort, PrivateEndPort) = (target.StartPort, target.EndPort);
        State = RuleState.Add;
    }

    /// <summary>Which packets it speaks of.</summary>
    public RuleMatch Match => new()
    {
        Protocol = Protocol,
        StartPort = StartPort,
        EndPort = EndPort,
        IcmpType = IcmpType,
        IcmpCode = IcmpCode,
        SourceCidrs = SourceCidrs,
        DestinationCidrs = DestinationCidrs,
    };

    /// <summary>Where its ports lead.</summary>
    public RuleTarget Target => new(new(NicId!.Value, FurtherId), PrivateStartPort!.Value, PrivateEndPort!.Value);

    /// <summary>True for what takes ports of an address, which nothing else may then have.</summary>
    public bool TakesPorts => Purpose is RulePurpose.PortForwarding or RulePurpose.LoadBalancing or RulePurpose.InternalBalancing;

    public void MarkActive() => State = RuleState.Active;

    public void MarkRevoked() => State = RuleState.Revoke;

    /// <summary>What a card that goes must leave: rules that lead to it, places in load balancers, public and further addresses of its own.</summary>
    public static async Task ForgetCardAsync(DbContext commit, Id<Nic> nic, CancellationToken ct)
    {
        await commit.Set<NetworkRule>().Where(r => commit.Set<NetworkRule>().Any(f => f.NicId == nic && f.Id == r.OpenedFor)).ExecuteDeleteAsync(ct);
        await commit.Set<NetworkRule>().Where(r => r.NicId == nic).ExecuteDeleteAsync(ct);
        await commit.Set<LoadBalancerMember>().Where(m => m.NicId == nic).ExecuteDeleteAsync(ct);
        await commit.Set<PublicIpAddress>().Where(a => a.StaticNatNicId == nic).ExecuteUpdateAsync(
            set => set.SetProperty(a => a.StaticNatNicId, (Id<Nic>?)null).SetProperty(a => a.StaticNatFurtherId, (Id<NicAddress>?)null), ct);
        await commit.Set<NicAddress>().Where(a => a.NicId == nic).ExecuteDeleteAsync(ct);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<NetworkRule>
    {
        public void Configure(EntityTypeBuilder<NetworkRule> entity)
        {
            entity.Ignore(r => r.TakesPorts).Ignore(r => r.Target).Ignore(r => r.Match);
            entity.HasIndex(r => new { r.NetworkId, r.Purpose });
            entity.HasIndex(r => r.AddressId);
            entity.HasIndex(r => r.NicId).HasFilter("nic_id IS NOT NULL");
            entity.HasIndex(r => new { r.InternalNetworkId, r.InternalIp }).HasFilter("internal_network_id IS NOT NULL");
            entity.HasIndex(r => r.FurtherId).HasFilter("further_id IS NOT NULL");
            entity.HasIndex(r => r.OpenedFor).HasFilter("opened_for IS NOT NULL");
            entity.HasIndex(r => new { r.AccountId, r.CreatedAt });
            entity.HasOne<Network>().WithMany().HasForeignKey(r => r.NetworkId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Network>().WithMany().HasForeignKey(r => r.InternalNetworkId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<PublicIpAddress>().WithMany().HasForeignKey(r => r.AddressId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Nic>().WithMany().HasForeignKey(r => r.NicId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<NicAddress>().WithMany().HasForeignKey(r => r.FurtherId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>What a rule is for.</summary>
public enum RulePurpose
{
    Firewall,
    Egress,
    PortForwarding,
    LoadBalancing,

    /// <summary>Within a VPC.</summary>
    InternalBalancing,
}

/// <summary>Where a rule stands, in the API's words: on its way to the router, in force, on its way out.</summary>
public enum RuleState
{
    Add,
    Active,
    Revoke,
}
