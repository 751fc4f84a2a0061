using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A port forwarding rule as clients see it.</summary>
[WireName("portforwardingrule")]
public sealed record PortForwardingRuleWire
{
    [Description("The rule's id")]
    public required Guid Id { get; init; }

    [Description("tcp or udp")]
    public required string Protocol { get; init; }

    [Description("The first port of the public address")]
    public required string PublicPort { get; init; }

    [Description("The last port of the public address")]
    public required string PublicEndPort { get; init; }

    [Description("The first port of the virtual machine")]
    public required string PrivatePort { get; init; }

    [Description("The last port of the virtual machine")]
    public required string PrivateEndPort { get; init; }

    [Description("Networks that the firewall rule that goes with it lets in, separated by commas; absent when none was opened")]
    public string? CidrList { get; init; }

    [Description("The virtual machine's id")]
    public Guid? VirtualMachineId { get; init; }

    [Description("The virtual machine's name")]
    public string? VirtualMachineName { get; init; }

    [Description("What the virtual machine is called, for people")]
    public string? VirtualMachineDisplayName { get; init; }

    [Description("The virtual machine's address; absent until it has one")]
    public string? VmGuestIp { get; init; }

    [Description("The public address's id")]
    public required Guid IpAddressId { get; init; }

    [Description("The public address")]
    public required string IpAddress { get; init; }

    [Description("The network's id")]
    public required Guid NetworkId { get; init; }

    [Description("The network's name")]
    public required string NetworkName { get; init; }

    [Description("Add while it is brought into force, Active while it is, Revoke while it is taken out")]
    public required RuleState State { get; init; }

    [Description("Its tags: none")]
    public IReadOnlyList<string> Tags { get; init; } = [];
}

internal sealed class PortForwardingRuleWireReader(CloudDb db, IEnumerable<IGuestsOfNetwork> guests) : IReadWire<PortForwardingRuleWire>
{
    public async Task<IReadOnlyList<PortForwardingRuleWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<NetworkRule>(id)).ToList();
        var rows = await (
            from rule in db.Set<NetworkRule>().AsNoTracking()
            where keys.Contains(rule.Id)
            join address in db.Set<PublicIpAddress>() on rule.AddressId equals address.Id
            join network in db.Set<Network>().IgnoreQueryFilters() on rule.NetworkId equals network.Id
            join nic in db.Set<Nic>().IgnoreQueryFilters() on rule.NicId equals nic.Id
            join further in db.Set<NicAddress>() on rule.FurtherId equals further.Id into furthers
            from further in furthers.DefaultIfEmpty()
            select new { Rule = rule, address.Address, Network = network.Name, Nic = nic, Ip = further != null ? further.Ip : nic.Ip }).ToListAsync(ct);
        var openings = await db.Set<NetworkRule>().AsNoTracking().Where(r => r.OpenedFor != null && keys.Contains(r.OpenedFor.Value)).ToListAsync(ct);
        var names = await guests.NamesAsync(rows.Select(r => r.Nic.GuestId), ct);
        return [.. rows.InOrderOf(ids, r => r.Rule.Id.Value).Select(r => new PortForwardingRuleWire
        {
            Id = r.Rule.Id.Value,
            Protocol = r.Rule.Protocol,
            PublicPort = Port(r.Rule.StartPort),
            PublicEndPort = Port(r.Rule.EndPort),
            PrivatePort = Port(r.Rule.PrivateStartPort),
            PrivateEndPort = Port(r.Rule.PrivateEndPort),
            CidrList = openings.FirstOrDefault(o => o.OpenedFor == r.Rule.Id) is { } opening ? string.Join(',', opening.SourceCidrs) : null,
            VirtualMachineId = r.Nic.GuestId,
            VirtualMachineName = names.GetValueOrDefault(r.Nic.GuestId)?.Name,
            VirtualMachineDisplayName = names.GetValueOrDefault(r.Nic.GuestId)?.DisplayName,
            VmGuestIp = r.Ip?.ToString(),
            IpAddressId = r.Rule.AddressId!.Value.Value,
            IpAddress = r.Address.ToString(),
            NetworkId = r.Rule.NetworkId.Value,
            NetworkName = r.Network,
            State = r.Rule.State,
        })];
    }

    // The wire has them as texts.
    private static string Port(int? port) => port!.Value.ToString(CultureInfo.InvariantCulture);
}
