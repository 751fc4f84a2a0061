using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>What lets an account's VPN users into a network of its own or a VPC, by the address that its guests go out by.</summary>
public sealed class RemoteAccessVpn : IOwned
{
    private RemoteAccessVpn() { }

    public RemoteAccessVpn(PublicIpAddress address, Id<Account> account, Id<Domain> domain, ClientRange range, byte[] wrappedKey, DateTimeOffset now)
    {
        Id = Protocol.Id.New<RemoteAccessVpn>();
        (AddressId, ScopeId, AccountId, DomainId) = (address.Id, address.ScopeId!.Value, account, domain);
        (FirstIp, LastIp, WrappedKey, CreatedAt) = (range.First, range.Last, wrappedKey, now);
    }

    public Id<RemoteAccessVpn> Id { get; private set; }

    /// <summary>Where clients dial.</summary>
    public Id<PublicIpAddress> AddressId { get; private set; }

    /// <summary>What its router serves.</summary>
    public Id<RouterScope> ScopeId { get; private set; }

    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public Ipv4Address FirstIp { get; private set; }
    public Ipv4Address LastIp { get; private set; }

    /// <summary>The key by which clients know the router.</summary>
    public byte[] WrappedKey { get; private set; } = [];

    /// <summary>Clients may dial without a firewall rule.</summary>
    public bool OpensFirewall { get; init; }

    public RemoteAccessState State { get; private set; } = RemoteAccessState.Added;
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The addresses that clients are given.</summary>
    public ClientRange Range => new(FirstIp, LastIp);

    public Subject Subject => new(SubjectKinds.RemoteAccessVpn, Id.Value);

    public void MarkRunning() => State = RemoteAccessState.Running;

    public void MarkRemoved() => State = RemoteAccessState.Removed;

    internal sealed class Mapping : IEntityTypeConfiguration<RemoteAccessVpn>
    {
        public void Configure(EntityTypeBuilder<RemoteAccessVpn> entity)
        {
            entity.Ignore(v => v.Range);
            entity.HasIndex(v => v.AddressId).IsUnique();
            entity.HasIndex(v => v.ScopeId).IsUnique();
            entity.HasIndex(v => new { v.AccountId, v.CreatedAt });
            entity.HasOne<PublicIpAddress>().WithMany().HasForeignKey(v => v.AddressId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<RouterScope>().WithMany().HasForeignKey(v => v.ScopeId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Where a remote access VPN stands, in the API's words: on its way to the router, there, on its way out.</summary>
public enum RemoteAccessState
{
    Added,
    Running,
    Removed,
}
