using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A network offering as clients see it.</summary>
[WireName("networkoffering")]
public sealed record NetworkOfferingWire
{
    [Description("The offering's id")]
    public required Guid Id { get; init; }

    [Description("The offering's name")]
    public required string Name { get; init; }

    [Description("What it is, for people")]
    public required string DisplayText { get; init; }

    [Description("Enabled when networks may be created from it")]
    public required AllocationState State { get; init; }

    [Description("Guest: for tenants' networks")]
    public string TrafficType { get; init; } = "GUEST";

    [Description("Isolated: behind a router of its own; L2: wires alone; Shared: several accounts'")]
    public required GuestNetworkType GuestIpType { get; init; }

    [Description("Whether it came with the cloud")]
    public required bool IsDefault { get; init; }

    [Description("Whether one public address may serve several purposes")]
    public required bool ConserveMode { get; init; }

    [Description("Whether guests may send out what no rule mentions")]
    public required bool EgressDefaultPolicy { get; init; }

    [Description("Required where guests of those who have no network get one of it, else Optional")]
    public required NetworkAvailability Availability { get; init; }

    [Description("What the load balancers of a network of it hold at once, all together; absent where its router's size says")]
    public int? MaxConnections { get; init; }

    [Description("What routers of its networks are made of, where it says")]
    public Guid? ServiceOfferingId { get; init; }

    [Description("IPv4")]
    public string InternetProtocol { get; init; } = IpFamily.Only;

    [Description("Whether creators choose the VLAN")]
    public bool SpecifyVlan => GuestIpType == GuestNetworkType.Shared;

    [Description("Whether creators choose address ranges")]
    public bool SpecifyIpRanges => GuestIpType == GuestNetworkType.Shared;

    [Description("Whether its networks are kept without guests")]
    public required bool IsPersistent { get; init; }

    [Description("Whether it is for tiers of a VPC")]
    public required bool ForVpc { get; init; }

    [Description("The services that its networks have, with who gives them")]
    public required IReadOnlyList<NetworkServiceWire> Service { get; init; }

    [Description("What a guest's card passes each way, Mbit/s, unless it is its guest's default one; 0 for no limit, absent where a setting says")]
    public int? NetworkRate { get; init; }

    [Description("forgedtransmits=true when guests may send from addresses that are not theirs")]
    public IReadOnlyDictionary<string, string>? Details { get; init; }

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }
}

/// <summary>A network's service as clients see it.</summary>
public sealed record NetworkServiceWire
{
    [Description("The service: Dhcp, Dns, SourceNat, UserData and the like")]
    public required string Name { get; init; }

    [Description("Who gives it")]
    public required IReadOnlyList<NetworkProviderWire> Provider { get; init; }

    [Description("What it is able to: of Lb, LbSchemes; of SourceNat, RedundantRouter")]
    public IReadOnlyList<NetworkCapabilityWire>? Capability { get; init; }

    internal static IReadOnlyList<NetworkServiceWire> Of(NetworkOffering offering) =>
        [.. Of(offering.Services, offering.ForVpc ? NetworkServices.VpcProvider : NetworkServiceProvider.VirtualRouter).Select(s => s.Name == NetworkServices.Lb ? Balancing(s, offering) : Routed(s, offering.IsRedundant))];

    internal static IReadOnlyList<NetworkServiceWire> Of(VpcOffering offering) =>
        [.. Of(offering.Services, NetworkServices.VpcProvider).Select(s => Routed(s, offering.IsRedundant))];

    private static IReadOnlyList<NetworkServiceWire> Of(IEnumerable<string> services, string provider) =>
        [.. services.Select(s => new NetworkServiceWire { Name = s, Provider = [new() { Name = s == NetworkServices.SecurityGroup ? NetworkServices.GroupProvider : provider }] })];

    private static NetworkServiceWire Routed(NetworkServiceWire service, bool isRedundant) => service.Name != NetworkServices.SourceNat ? service
        : service with { Capability = [new() { Name = RouterCapability.Name, Value = isRedundant ? "true" : "false" }] };

    private static NetworkServiceWire Balancing(NetworkServiceWire service, NetworkOffering offering) => service with
    {
        Provider = offering.InternalLb ? [new() { Name = NetworkServiceProvider.InternalLb }] : service.Provider,
        Capability = [new() { Name = "LbSchemes", Value = offering.InternalLb ? InternalBalancers.Scheme : "Public" }],
    };
}

/// <summary>What a service is able to, as clients see it.</summary>
public sealed record NetworkCapabilityWire
{
    [Description("The capability's name")]
    public required string Name { get; init; }

    [Description("What it is")]
    public required string Value { get; init; }
}

/// <summary>Who gives a service, as clients see it.</summary>
public sealed record NetworkProviderWire
{
    [Description("The provider's name")]
    public required string Name { get; init; }
}

internal sealed class NetworkOfferingWireReader(CloudDb db) : IReadWire<NetworkOfferingWire>
{
    public async Task<IReadOnlyList<NetworkOfferingWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<NetworkOffering>(id)).ToList();
        var rows = await db.Set<NetworkOffering>().AsNoTracking().Where(o => keys.Contains(o.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, o => o.Id.Value).Select(o => new NetworkOfferingWire
        {
            Id = o.Id.Value,
            Name = o.Name,
            DisplayText = o.DisplayText,
            State = o.State,
            GuestIpType = o.Type,
            IsPersistent = o.IsPersistent,
            IsDefault = o.IsDefault,
            Availability = o.Availability,
            MaxConnections = o.MostConnections,
            ServiceOfferingId = o.RouterMade?.OfferingId,
            ConserveMode = o.ConserveMode,
            EgressDefaultPolicy = o.EgressAllowed,
            ForVpc = o.ForVpc,
            Service = NetworkServiceWire.Of(o),
            NetworkRate = o.RateMbit,
            Details = o.ForgedTransmits ? new Dictionary<string, string> { [OfferingDetails.ForgedTransmits] = "true" } : null,
            Created = o.CreatedAt,
        })];
    }
}
