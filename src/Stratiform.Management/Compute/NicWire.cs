using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>A network card as clients see it, alone or inside its virtual machine.</summary>
[WireName("nic")]
public sealed record NicWire
{
    [Description("The card's id")]
    public required Guid Id { get; init; }

    [Description("Its virtual machine's id")]
    public required Guid VirtualMachineId { get; init; }

    [Description("Its network's id")]
    public required Guid NetworkId { get; init; }

    [Description("Its network's name")]
    public required string NetworkName { get; init; }

    [Description("Its address; absent until the first start, and on L2")]
    public string? IpAddress { get; init; }

    [Description("Mask of its network; absent on L2")]
    public string? Netmask { get; init; }

    [Description("The way out of its network; absent on L2")]
    public string? Gateway { get; init; }

    [Description("Its MAC address")]
    public required string MacAddress { get; init; }

    [Description("Whether the default route goes by it")]
    public required bool IsDefault { get; init; }

    [Description("Its place among the cards")]
    public required string DeviceId { get; init; }

    [Description("Guest")]
    public string TrafficType { get; init; } = "Guest";

    [Description("Isolated: its network has a router of its own; L2: wires alone; Shared: several accounts' network")]
    public required GuestNetworkType Type { get; init; }

    [Description("Its further addresses")]
    public required IReadOnlyList<SecondaryIpWire> SecondaryIp { get; init; }

    [Description("What its guest is told with its address because its owner wants it to be")]
    public required IReadOnlyList<DhcpOptionWire> ExtraDhcpOption { get; init; }

    [Description("Largest packet, bytes")]
    public required int Mtu { get; init; }
}

internal sealed class NicWireReader(CloudDb db) : IReadWire<NicWire>
{
    public async Task<IReadOnlyList<NicWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Nic>(id)).ToList();
        return [.. (await OfAsync(db, db.Set<Nic>().Where(nic => keys.Contains(nic.Id)), ct)).InOrderOf(ids, nic => nic.Id)];
    }

    /// <summary>The shapes of these cards, by their place.</summary>
    public static async Task<List<NicWire>> OfAsync(CloudDb db, IQueryable<Nic> nics, CancellationToken ct)
    {
        var rows = await (
            from nic in nics.AsNoTracking()
            join network in db.Set<Network>().IgnoreQueryFilters() on nic.NetworkId equals network.Id
            join offering in db.Set<NetworkOffering>().IgnoreQueryFilters() on network.OfferingId equals offering.Id
            where nic.RemovedAt == null
            orderby nic.DeviceId
            select new { Nic = nic, network.Name, network.Cidr, network.Gateway, network.Mtu, offering.Type }).ToListAsync(ct);
        var ids = rows.Select(n => n.Nic.Id).ToList();
        var further = (await db.Set<NicAddress>().AsNoTracking().Where(a => ids.Contains(a.NicId)).OrderBy(a => a.Ip).ToListAsync(ct))
            .ToLookup(a => a.NicId, a => new SecondaryIpWire { Id = a.Id.Value, IpAddress = a.Ip.ToString() });
        return [.. rows.Select(n => new NicWire
        {
            Id = n.Nic.Id.Value,
            VirtualMachineId = n.Nic.GuestId,
            NetworkId = n.Nic.NetworkId.Value,
            NetworkName = n.Name,
            IpAddress = n.Nic.Ip?.ToString(),
            Netmask = n.Cidr is { } cidr ? Ipv4.MaskOf(cidr.PrefixLength).ToString() : null,
            Gateway = n.Gateway?.ToString(),
            Type = n.Type,
            MacAddress = n.Nic.Mac,
            IsDefault = n.Nic.IsDefault,
            DeviceId = n.Nic.DeviceId.ToString(CultureInfo.InvariantCulture),
            SecondaryIp = [.. further[n.Nic.Id]],
            ExtraDhcpOption = [.. n.Nic.DhcpOptions.Select(o => DhcpOptionWire.Of(n.Nic, o))],
            Mtu = n.Mtu,
        })];
    }
}
