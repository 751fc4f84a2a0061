using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A network that a host has been told of: guests there can be plugged into it.</summary>
public sealed class NetworkOnHost
{
    public required Id<Network> NetworkId { get; init; }
    public required Id<Host> HostId { get; init; }

    /// <summary>True once the host said that it is there.</summary>
    public bool Ready { get; set; }

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
