using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>How a load balancer spreads what comes to its ports; the ports, and whether it is in force, are its rule's matter, whose id it has.</summary>
public sealed class LoadBalancer
{
    private LoadBalancer() { }

    public LoadBalancer(NetworkRule rule, string name, BalancerProtocol protocol, BalancerAlgorithm algorithm) =>
        (RuleId, Name, Protocol, Algorithm) = (rule.Id, name, protocol, algorithm);

    public Id<NetworkRule> RuleId { get; private set; }
    public string Name { get; set; } = "";
    public string Description { get; set; } = "";
    public BalancerProtocol Protocol { get; private set; }
    public BalancerAlgorithm Algorithm { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<LoadBalancer>
    {
        public void Configure(EntityTypeBuilder<LoadBalancer> entity)
        {
            entity.HasKey(b => b.RuleId);
            entity.HasOne<NetworkRule>().WithOne().HasForeignKey<LoadBalancer>(b => b.RuleId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What members are spoken to in.</summary>
public enum BalancerProtocol
{
    Tcp,

    /// <summary>TCP with the client's address told in front, by the PROXY protocol.</summary>
    TcpProxy,
}

/// <summary>How a member is chosen.</summary>
public enum BalancerAlgorithm
{
    RoundRobin,
    LeastConn,
    Source,
}

/// <summary>A guest that a load balancer spreads to.</summary>
public sealed class LoadBalancerMember
{
    private LoadBalancerMember() { }

    public LoadBalancerMember(Id<NetworkRule> rule, Id<Nic> nic) => (RuleId, NicId) = (rule, nic);

    public Id<NetworkRule> RuleId { get; private set; }
    public Id<Nic> NicId { get; private set; }

    internal sealed class Mapping : IEntityTypeConfiguration<LoadBalancerMember>
    {
        public void Configure(EntityTypeBuilder<LoadBalancerMember> entity)
        {
            entity.HasKey(m => new { m.RuleId, m.NicId });
            entity.HasIndex(m => m.NicId);
            entity.HasOne<LoadBalancer>().WithMany().HasForeignKey(m => m.RuleId).OnDelete(DeleteBehavior.Cascade);
            entity.HasOne<Nic>().WithMany().HasForeignKey(m => m.NicId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
