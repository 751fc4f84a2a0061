using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>A site-to-site VPN between a VPC and the networks behind a customer gateway.</summary>
public sealed class VpnConnection : IOwned
{
    private VpnConnection() { }

    public VpnConnection(VpnGateway gateway, Id<VpnCustomerGateway> customerGateway, bool isPassive, DateTimeOffset now)
    {
        Id = Protocol.Id.New<VpnConnection>();
        (GatewayId, CustomerGatewayId, ScopeId) = (gateway.Id, customerGateway, new(gateway.VpcId.Value));
        (AccountId, DomainId, IsPassive, CreatedAt) = (gateway.AccountId, gateway.DomainId, isPassive, now);
    }

    public Id<VpnConnection> Id { get; private set; }
    public Id<VpnGateway> GatewayId { get; private set; }
    public Id<VpnCustomerGateway> CustomerGatewayId { get; private set; }

    /// <summary>What its router serves.</summary>
    public Id<RouterScope> ScopeId { get; private set; }

    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }

    /// <summary>It waits for the other end to begin.</summary>
    public bool IsPassive { get; private set; }

    /// <summary>Changes when it is to begin anew.</summary>
    public Guid Attempt { get; private set; }

    /// <summary>It is on its way out, and its router forgets it.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>As its router saw it last.</summary>
    public VpnState State { get; private set; } = VpnState.Pending;

    public DateTimeOffset CreatedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.VpnConnection, Id.Value);

    public void MarkLeaving(bool isLeaving) => IsLeaving = isLeaving;

    public void BeginAnew(Guid attempt) => Attempt = attempt;

    /// <summary>Notes what its router says of it.</summary>
    internal void Saw(VpnState state) => State = state;

    internal sealed class Mapping : IEntityTypeConfiguration<VpnConnection>
    {
        public void Configure(EntityTypeBuilder<VpnConnection> entity)
        {
            entity.HasIndex(c => new { c.GatewayId, c.CustomerGatewayId }).IsUnique();
            entity.HasIndex(c => new { c.AccountId, c.CreatedAt });
            entity.HasIndex(c => c.ScopeId);
            entity.HasOne<VpnGateway>().WithMany().HasForeignKey(c => c.GatewayId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<VpnCustomerGateway>().WithMany().HasForeignKey(c => c.CustomerGatewayId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<RouterScope>().WithMany().HasForeignKey(c => c.ScopeId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Where a VPN connection stands, in the API's words.</summary>
public enum VpnState
{
    /// <summary>No router has taken it up yet.</summary>
    Pending,

    /// <summary>Keys are being exchanged.</summary>
    Connecting,
    Connected,
    Disconnected,

    /// <summary>Its router's daemon does not answer.</summary>
    Error,
}
