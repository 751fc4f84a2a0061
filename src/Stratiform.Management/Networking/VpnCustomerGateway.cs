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

/// <summary>The far end of site-to-site VPNs, which an account may use for any of its VPCs.</summary>
public sealed class VpnCustomerGateway : IOwned
{
    private VpnCustomerGateway() { }

    public VpnCustomerGateway(VpnPeer peer, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
    {
        Id = Protocol.Id.New<VpnCustomerGateway>();
        (AccountId, DomainId, CreatedAt) = (account, domain, now);
        Become(peer);
    }

    public Id<VpnCustomerGateway> Id { get; private set; }
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public string Name { get; private set; } = "";
    public string Gateway { get; private set; } = "";
    public IPNetwork[] Cidrs { get; private set; } = [];
    public byte[] WrappedPsk { get; private set; } = [];
    public string IkePolicy { get; private set; } = "";
    public string EspPolicy { get; private set; } = "";
    public int IkeLifetime { get; private set; }
    public int EspLifetime { get; private set; }
    public bool Dpd { get; private set; }
    public bool ForceEncap { get; private set; }
    public bool SplitConnections { get; private set; }
    public IkeVersion IkeVersion { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.VpnCustomerGateway, Id.Value);

    /// <summary>All that may be changed about it.</summary>
    public VpnPeer Peer => new()
    {
        Name = Name,
        Gateway = Gateway,
        Cidrs = [.. Cidrs.Select(c => c.ToString())],
        WrappedPsk = WrappedPsk,
        IkePolicy = IkePolicy,
        EspPolicy = EspPolicy,
        IkeLifetime = IkeLifetime,
        EspLifetime = EspLifetime,
        Dpd = Dpd,
        ForceEncap = ForceEncap,
        SplitConnections = SplitConnections,
        IkeVersion = IkeVersion,
    };

    public void Become(VpnPeer peer)
    {
        (Name, Gateway, Cidrs, WrappedPsk) = (peer.Name, peer.Gateway, [.. peer.Networks], peer.WrappedPsk);
        (IkePolicy, EspPolicy, IkeLifetime, EspLifetime) = (peer.IkePolicy, peer.EspPolicy, peer.IkeLifetime, peer.EspLifetime);
        (Dpd, ForceEncap, SplitConnections, IkeVersion) = (peer.Dpd, peer.ForceEncap, peer.SplitConnections, peer.IkeVersion);
    }

    /// <summary>Refuses what the account has already: by name and by address, its customer gateways are told apart.</summary>
    /// <exception cref="CloudException">It has (431).</exception>
    internal static async Task RequireNewAsync(CloudDb db, VpnPeer peer, Id<Account> account, Id<VpnCustomerGateway>? except, CancellationToken ct)
    {
        var others = db.Set<VpnCustomerGateway>().Where(g => g.AccountId == account && g.Id != except);
        if (await others.AnyAsync(g => g.Gateway == peer.Gateway, ct)) throw Refusal.Parameter($"The account has a customer gateway for {peer.Gateway} already; change that (updateVpnCustomerGateway).");
        if (await others.AnyAsync(g => g.Name == peer.Name, ct)) throw Refusal.Parameter($"The account has a customer gateway of the name {peer.Name} already; choose another name.");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<VpnCustomerGateway>
    {
        public void Configure(EntityTypeBuilder<VpnCustomerGateway> entity)
        {
            entity.Ignore(g => g.Peer);
            entity.HasIndex(g => new { g.AccountId, g.Gateway }).IsUnique();
            entity.HasIndex(g => new { g.AccountId, g.Name }).IsUnique();
        }
    }
}
