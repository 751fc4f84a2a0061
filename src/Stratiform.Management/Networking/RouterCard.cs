using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A router's card in a network that it serves, or beside its VPC: the same one wherever and however often the router boots.</summary>
public sealed class RouterCard
{
    private RouterCard() { }

    internal RouterCard(Router router, Network network)
    {
        Id = Protocol.Id.New<RouterCard>();
        (RouterId, NetworkId) = (router.Id, network.Id);
    }

    // The same one whichever router the VPC has, of each of a pair.
    internal RouterCard(Router router, PrivateGateway gateway)
    {
        Id = new(router.Rank == 0 ? gateway.Id.Value : Protocol.Id.Derive(gateway.Id.Value, "second"));
        (RouterId, NetworkId, GatewayId) = (router.Id, gateway.NetworkId, gateway.Id);
    }

    public Id<RouterCard> Id { get; private set; }
    public Id<Router> RouterId { get; private set; }
    public Id<Network> NetworkId { get; private set; }

    /// <summary>The private gateway that it is; null where the router serves the network.</summary>
    public Id<PrivateGateway>? GatewayId { get; private set; }

    /// <summary>The domain that runs has it, or the next one will; without meaning while the router is off.</summary>
    public bool IsIn { get; private set; }

    /// <summary>Its address; null where that is the network's way out, which it shares with nobody.</summary>
    public Ipv4Address? Ip { get; private set; }

    public string Mac => Nic.MacOf(Id.Value);

    /// <summary>What the router calls it.</summary>
    public string DeviceName => (GatewayId is null ? "g-" : "s-") + Mac.Replace(":", "", StringComparison.Ordinal);

    internal void Mark(bool isIn) => IsIn = isIn;

    internal void TakeOwn(Ipv4Address ip) => Ip = ip;

    /// <summary>The card as the host of one of its router's domains sees it.</summary>
    internal NicSpec Describe(Network network, Guid domain) => new(InDomain(domain), Mac, network.Id.Value, network.Mtu);

    /// <summary>By what the domain's host knows it: two domains of a router may be on one host.</summary>
    internal Guid InDomain(Guid domain) => domain == RouterId.Value ? Id.Value : Protocol.Id.Derive(Id.Value, $"{domain}");

    internal sealed class Mapping : IEntityTypeConfiguration<RouterCard>
    {
        public void Configure(EntityTypeBuilder<RouterCard> entity)
        {
            entity.Ignore(c => c.Mac).Ignore(c => c.DeviceName);
            entity.HasIndex(c => c.NetworkId);
            entity.HasIndex(c => new { c.RouterId, c.NetworkId }).IsUnique();
            entity.HasIndex(c => new { c.GatewayId, c.RouterId }).IsUnique();
            entity.HasOne<PrivateGateway>().WithMany().HasForeignKey(c => c.GatewayId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Router>().WithMany().HasForeignKey(c => c.RouterId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Network>().WithMany().HasForeignKey(c => c.NetworkId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
