using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>A network that a host has been told of: guests there can be plugged into it.</summary>
public sealed class NetworkOnHost
{
    public required Id<Network> NetworkId { get; init; }
    public required Id<Host> HostId { get; init; }

    /// <summary>True once the host said that it is there.</summary>
    public bool Ready { get; set; }

    /// <summary>The largest packet for which it was told to make room, bytes.</summary>
    public int Mtu { get; set; } = HostNetworks.Mtu;

    /// <summary>Orders for those networks that the host does not have yet, or without room for their packets: those that began with smaller ones.</summary>
    public static async Task<IReadOnlyList<Order<PlugNetwork>>> ToPlugAsync(
        CloudDb db, IReadOnlyCollection<Id<Network>> networks, Id<Host> host, CancellationToken ct)
    {
        var there = await db.Set<NetworkOnHost>().Where(n => n.HostId == host && n.Ready && networks.Contains(n.NetworkId)
                && db.Set<Network>().Any(of => of.Id == n.NetworkId && of.Mtu <= n.Mtu))
            .Select(n => n.NetworkId).ToListAsync(ct);
        return [.. networks.Except(there).Select(n => PlugNetwork.For(n, host))];
    }

    internal sealed class Mapping : IEntityTypeConfiguration<NetworkOnHost>
    {
        public void Configure(EntityTypeBuilder<NetworkOnHost> entity)
        {
            entity.HasKey(n => new { n.NetworkId, n.HostId });
            entity.HasOne<Network>().WithMany().HasForeignKey(n => n.NetworkId).OnDelete(DeleteBehavior.Cascade);
            entity.HasOne<Host>().WithMany().HasForeignKey(n => n.HostId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
