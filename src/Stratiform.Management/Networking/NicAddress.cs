using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A further address of a card: nobody else gets it, and its guest, who sets it up inside, may send from it.</summary>
public sealed class NicAddress
{
    private NicAddress() { }

    public NicAddress(Id<NicAddress> id, Nic nic, Ipv4Address ip, DateTimeOffset now)
    {
        Id = id;
        (NicId, NetworkId, Ip, CreatedAt) = (nic.Id, nic.NetworkId, ip, now);
    }

    public Id<NicAddress> Id { get; private set; }
    public Id<Nic> NicId { get; private set; }
    public Id<Network> NetworkId { get; private set; }
    public Ipv4Address Ip { get; private set; }
    public string Description { get; init; } = "";
    public DateTimeOffset CreatedAt { get; private set; }

    internal sealed class Mapping : IEntityTypeConfiguration<NicAddress>
    {
        public void Configure(EntityTypeBuilder<NicAddress> entity)
        {
            entity.HasIndex(a => new { a.NetworkId, a.Ip }).IsUnique();
            entity.HasIndex(a => a.NicId);
            entity.HasOne<Nic>().WithMany().HasForeignKey(a => a.NicId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
