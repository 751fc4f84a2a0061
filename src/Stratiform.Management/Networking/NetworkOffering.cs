using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A kind of network: whether it has a router, and which services that gives.</summary>
public sealed class NetworkOffering : IRemovable
{
    private NetworkOffering() { }

    public NetworkOffering(string name, string displayText, string[] services, DateTimeOffset now)
    {
        Id = Protocol.Id.New<NetworkOffering>();
        (Name, DisplayText, Services, CreatedAt) = (name, displayText, services, now);
    }

    private NetworkOffering(string name) : this(name, name, [], DateTimeOffset.UnixEpoch) =>
        (Id, RemovedAt) = (new(Protocol.Id.Derive(Guid.Empty, nameof(NetworkOffering), name)), DateTimeOffset.UnixEpoch);

    /// <summary>Of the networks that private gateways are in: wires alone. Nobody else may choose it, so it counts as removed.</summary>
    public static NetworkOffering ForGateways { get; } = new("System-Private-Gateway-Network-Offering") { Type = GuestNetworkType.L2 };

    public Id<NetworkOffering> Id { get; private set; }
    public string Name { get; set; } = "";
    public string DisplayText { get; set; } = "";

    public GuestNetworkType Type { get; init; }

    /// <summary>Its networks are tiers of VPCs.</summary>
    public bool ForVpc { get; init; }

    /// <summary>Its networks are there from the first moment and stay without guests.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>Names of services in the API's words: Dhcp, Dns, SourceNat, UserData …</summary>
    public string[] Services { get; private set; } = [];

    /// <summary>Load balancers of its networks listen within their VPC, rather than at public addresses.</summary>
    public bool InternalLb { get; init; }

    public AllocationState State { get; set; } = AllocationState.Disabled;
    public bool IsDefault { get; init; }
    public bool ConserveMode { get; init; } = true;

    /// <summary>Its networks have two routers, which take turns by themselves.</summary>
    public bool IsRedundant { get; init; }

    /// <summary>What guests may send out when no rule says: true lets all.</summary>
    public bool EgressAllowed { get; init; } = true;

    /// <summary>Guests may send as somebody else, as routers and firewalls among them do; hosts see to it that others do not.</summary>
    public bool ForgedTransmits { get; init; }

    /// <summary>What a guest's card in its networks passes each way, Mbit/s; 0 for no limit, null for what the settings say.</summary>
    public int? RateMbit { get; init; }

    /// <summary>Whether guests without a network get one of it.</summary>
    public NetworkAvailability Availability { get; set; }

    /// <summary>Lists show lower ones first.</summary>
    public int SortKey { get; set; }

    /// <summary>What the load balancers of a network of it hold at once, all together; null for as many as its router has room for.</summary>
    public int? MostConnections { get; set; }

    /// <summary>False ends connections of load balancers that speak HTTP after each answer.</summary>
    public bool KeepsAlive { get; set; } = true;

    /// <summary>What routers of its networks are made of; null for what all are.</summary>
    public RouterMake? RouterMade { get; init; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public bool Has(string service) => Services.Contains(service);

    /// <summary>Refuses what its networks cannot do.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It lacks the service (431).</exception>
    public void Require(string service)
    {
        if (!Has(service))
            throw Api.Refusal.Parameter($"The network's offering {Name} lacks the service {service}; use a network whose offering has it (listNetworkOfferings).");
    }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<NetworkOffering>
    {
        public void Configure(EntityTypeBuilder<NetworkOffering> entity)
        {
            entity.HasIndex(o => new { o.SortKey, o.CreatedAt });
            RouterMake.Map(entity.Property(o => o.RouterMade!));
            entity.HasData(ForGateways);
        }
    }
}

/// <summary>Kinds of guests' networks, in the API's words.</summary>
public enum GuestNetworkType
{
    /// <summary>Behind a router of its own.</summary>
    Isolated,

    /// <summary>Wires alone: guests see each other's frames, and nobody gives them addresses.</summary>
    L2,

    /// <summary>Several accounts' on the provider's network: a router gives addresses, the way out is the provider's.</summary>
    Shared,
}
