using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Addresses that a shared network may give to guests and to its router: it has one range or several, all in its own network.</summary>
public sealed class SharedIpRange
{
    private SharedIpRange() { }

    public SharedIpRange(Network network, Ipv4Address start, Ipv4Address end)
    {
        Id = Protocol.Id.New<SharedIpRange>();
        (NetworkId, StartIp, EndIp) = (network.Id, start, end);
    }

    public Id<SharedIpRange> Id { get; private set; }
    public Id<Network> NetworkId { get; private set; }
    public Ipv4Address StartIp { get; private set; }
    public Ipv4Address EndIp { get; private set; }

    /// <summary>Whether it is of this range.</summary>
    public bool Has(Ipv4Address ip) => StartIp <= ip && ip <= EndIp;

    internal sealed class Mapping : IEntityTypeConfiguration<SharedIpRange>
    {
        public void Configure(EntityTypeBuilder<SharedIpRange> entity)
        {
            entity.HasIndex(r => r.NetworkId);
            entity.HasOne<Network>().WithMany().HasForeignKey(r => r.NetworkId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
