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
    public BalancerProtocol Protocol { get; set; }
    public BalancerAlgorithm Algorithm { get; set; }

    /// <summary>Tenants do not see it in lists of internal load balancers.</summary>
    public bool IsHidden { get; set; }

    /// <summary>By which it ends TLS, where its protocol is that; without one its port is closed.</summary>
    public Id<SslCertificate>? CertificateId { get; set; }

    /// <summary>Refuses a protocol that leaves its certificate without use.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It has one, and the protocol ends no TLS (431).</exception>
    public void RequireCanSpeak(BalancerProtocol protocol)
    {
        if (CertificateId is not null && protocol != BalancerProtocol.Ssl)
            throw Api.Refusal.Parameter($"The load balancer {Name} ends TLS by a certificate; take that from it first (removeCertFromLoadBalancer).");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<LoadBalancer>
    {
        public void Configure(EntityTypeBuilder<LoadBalancer> entity)
        {
            entity.HasKey(b => b.RuleId);
            entity.HasOne<NetworkRule>().WithOne().HasForeignKey<LoadBalancer>(b => b.RuleId).OnDelete(DeleteBehavior.Cascade);
            entity.HasIndex(b => b.CertificateId).HasFilter("certificate_id IS NOT NULL");
            entity.HasOne<SslCertificate>().WithMany().HasForeignKey(b => b.CertificateId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>What clients and members are spoken to in.</summary>
public enum BalancerProtocol
{
    Tcp,

    /// <summary>TCP with the client's address told in front, by the PROXY protocol.</summary>
    TcpProxy,

    /// <summary>HTTPS with clients, ended here by a certificate, and HTTP with members.</summary>
    Ssl,
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
