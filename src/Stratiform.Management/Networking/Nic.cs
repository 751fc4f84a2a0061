using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A guest's network card, and the address it holds.</summary>
public sealed class Nic : IRemovable
{
    private Nic() { }

    public Nic(Network network, Guid guestId, int device, bool isDefault, DateTimeOffset now)
        : this(Protocol.Id.New<Nic>(), network, guestId, device, isDefault, now)
    {
    }

    public Nic(Id<Nic> id, Network network, Guid guestId, int device, bool isDefault, DateTimeOffset now)
    {
        Id = id;
        (NetworkId, GuestId, DeviceId, IsDefault, CreatedAt) = (network.Id, guestId, device, isDefault, now);
        Mac = MacOf(Id.Value);
    }

    public Id<Nic> Id { get; private set; }
    public Id<Network> NetworkId { get; private set; }

    /// <summary>The virtual machine. Compute's id: this slice lies below it.</summary>
    public Guid GuestId { get; private set; }

    public int DeviceId { get; private set; }

    /// <summary>Its guest's way out goes by it.</summary>
    public bool IsDefault { get; set; }

    /// <summary>Six lower-case pairs with colons; locally administered unless its owner chose it.</summary>
    public string Mac { get; set; } = "";

    /// <summary>Its address; null until one is taken.</summary>
    public Ipv4Address? Ip { get; private set; }

    /// <summary>What its guest is told with its address, by number.</summary>
    public IReadOnlyList<DhcpOption> DhcpOptions { get; set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public void Take(Ipv4Address ip) => Ip ??= ip;

    public void MoveTo(Ipv4Address? ip) => Ip = ip;

    public void Release() => Ip = null;

    public void Remove(DateTimeOffset now) => (Ip, RemovedAt) = (null, now);

    /// <summary>The card as its host sees it.</summary>
    /// <param name="network">Its network.</param>
    /// <param name="isGuarded">Whether its host lets nothing out of it that claims to be of somebody else.</param>
    /// <param name="isInGroups">Whether it is in security groups.</param>
    /// <param name="rateMbit">What it passes each way, Mbit/s; 0 for no limit.</param>
    /// <param name="further">Its further addresses, in order.</param>
    internal NicSpec Describe(Network network, bool isGuarded, bool isInGroups, int rateMbit, params IReadOnlyList<Ipv4Address> further)
    {
        var own = Ip is { } first ? further.Prepend(first) : further;
        var guard = new NicGuard(network.IsRouted ? [.. own.Select(ip => ip.ToString())] : null) { IsInGroups = isInGroups };
        return new(Id.Value, Mac, NetworkId.Value, network.Mtu, isGuarded ? guard : null, RateMbit: rateMbit);
    }

    /// <summary>A locally administered MAC from the random tail of a version-7 id.</summary>
    internal static string MacOf(Guid id)
    {
        var tail = id.ToByteArray(bigEndian: true)[11..];
        return string.Create(CultureInfo.InvariantCulture, $"02:{tail[0]:x2}:{tail[1]:x2}:{tail[2]:x2}:{tail[3]:x2}:{tail[4]:x2}");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Nic>
    {
        public void Configure(EntityTypeBuilder<Nic> entity)
        {
            Networking.DhcpOptions.Map(entity.Property(n => n.DhcpOptions));
            entity.HasIndex(n => new { n.NetworkId, n.Ip }).IsUnique().HasFilter("ip IS NOT NULL");
            entity.HasIndex(n => new { n.NetworkId, n.Mac }).IsUnique().HasFilter("removed_at IS NULL");
            entity.HasIndex(n => n.GuestId);
            entity.HasOne<Network>().WithMany().HasForeignKey(n => n.NetworkId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
