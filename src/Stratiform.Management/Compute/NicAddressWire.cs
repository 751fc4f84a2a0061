using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>A further address of a card as clients see it.</summary>
[WireName("nicsecondaryip")]
public sealed record NicAddressWire
{
    [Description("The address's id")]
    public required Guid Id { get; init; }

    [Description("The address")]
    public required string IpAddress { get; init; }

    [Description("Its card's id")]
    public required Guid NicId { get; init; }

    [Description("Its network's id")]
    public required Guid NetworkId { get; init; }

    [Description("Its virtual machine's id")]
    public required Guid VirtualMachineId { get; init; }

    [Description("What it is for, in its owner's words")]
    public string? Description { get; init; }
}

/// <summary>A further address as a card shows it.</summary>
public sealed record SecondaryIpWire
{
    [Description("The address's id")]
    public required Guid Id { get; init; }

    [Description("The address")]
    public required string IpAddress { get; init; }
}

internal sealed class NicAddressWireReader(CloudDb db) : IReadWire<NicAddressWire>
{
    public async Task<IReadOnlyList<NicAddressWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<NicAddress>(id)).ToList();
        var rows = await (
            from address in db.Set<NicAddress>().AsNoTracking()
            where keys.Contains(address.Id)
            join nic in db.Set<Nic>() on address.NicId equals nic.Id
            select new { Address = address, nic.GuestId }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Address.Id.Value).Select(r => new NicAddressWire
        {
            Id = r.Address.Id.Value,
            IpAddress = r.Address.Ip.ToString(),
            NicId = r.Address.NicId.Value,
            NetworkId = r.Address.NetworkId.Value,
            VirtualMachineId = r.GuestId,
            Description = r.Address.Description.Length == 0 ? null : r.Address.Description,
        })];
    }
}
