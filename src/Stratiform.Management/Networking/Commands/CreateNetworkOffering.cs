using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Adds a kind of network.</summary>
[Command("Creates a network offering")]
internal sealed record CreateNetworkOffering : ICommand<Shown<NetworkOfferingWire>>
{
    [Description("The offering's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    public string? DisplayText { get; init; }

    [Description("Guest is the one there is")]
    public required string TrafficType { get; init; }

    [Description("Isolated, behind a router of its own, L2, wires alone, or Shared by several accounts on the provider's network")]
    public required GuestNetworkType GuestIpType { get; init; }

    [Description("Services, comma separated: Dhcp, Dns, Firewall, Lb, PortForwarding, SourceNat, StaticNat, UserData; NetworkACL in place of Firewall with forvpc; Shared has Dhcp, Dns, UserData and, where it is named, SecurityGroup; L2 has none")]
    public IReadOnlyList<string>? SupportedServices { get; init; }

    [Description("Who gives each service; VirtualRouter is the one there is, VpcVirtualRouter with forvpc, InternalLbVm of Lb within tiers, SecurityGroupProvider of SecurityGroup")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? ServiceProviderList { get; init; }

    [Description("Of Lb: lbSchemes is public, or internal with forvpc for load balancers within tiers (createLoadBalancer). Of SourceNat: RedundantRouter=true gives each network two routers on two hosts, which take turns by themselves. Nothing else is read of it")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? ServiceCapabilityList { get; init; }

    [Description("True for tiers of VPCs")]
    public bool? ForVpc { get; init; }

    [Description("Whether one public address may serve several purposes")]
    public bool? ConserveMode { get; init; }

    [Description("True keeps its networks implemented from their creation on, with guests or without")]
    public bool? IsPersistent { get; init; }

    [Description("Whether guests may send out what no rule mentions; true unless said")]
    public bool? EgressDefaultPolicy { get; init; }

    [Description("What a guest's card in its networks passes each way, Mbit/s; 0 for no limit. Cards that are not their guest's default obey it, the others the service offering; the setting network.throttling.rate unless said")]
    public int? NetworkRate { get; init; }

    [Description("forgedtransmits=true lets guests send from addresses that are not theirs, as virtual routers and firewalls do; hosts drop it else")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Details { get; init; }

    [Description("Required gives a network of it to guests whose owner has none; of one offering at a time, Isolated with SourceNat. Optional unless said")]
    public NetworkAvailability? Availability { get; init; }

    [Description("Whether creators choose the place on the wires: true of Shared, false of others")]
    public bool? SpecifyVlan { get; init; }

    [Description("Whether creators choose the addresses that it may give: true of Shared, false of others")]
    public bool? SpecifyIpRanges { get; init; }

    [Description("What routers of its networks are made of: a service offering of system VMs of the type domainrouter; tiers have their VPC's")]
    public Guid? ServiceOfferingId { get; init; }

    [Description("What the load balancers of a network of it hold at once, all together; as many as its router has room for unless said")]
    public int? MaxConnections { get; init; }

    [Description("False ends connections of load balancers that speak HTTP after each answer; true unless said")]
    public bool? KeepAliveEnabled { get; init; }

    [Description("ipv4 is the one there is")]
    public string? InternetProtocol { get; init; }

    [Description("True makes it Enabled at once")]
    public bool? Enable { get; init; }
}

internal sealed class CreateNetworkOfferingHandler(CloudDb db, IRouterOfferings routers, CommandCommit commit, TimeProvider clock)
    : IHandle<CreateNetworkOffering, Shown<NetworkOfferingWire>>
{
    public async Task<Shown<NetworkOfferingWire>> HandleAsync(CreateNetworkOffering command, Caller caller, CancellationToken ct)
    {
        if (!command.TrafficType.Equals("Guest", StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"traffictype {command.TrafficType} cannot be offered; use Guest.");
        IpFamily.Require(command.InternetProtocol);
        RequireFits(command);
        var services = Services(command);
        NetworkServices.RequireProviders(command.ServiceProviderList, command.ForVpc == true ? NetworkServices.VpcProvider : NetworkServiceProvider.VirtualRouter);
        var offering = new NetworkOffering(command.Name, command.DisplayText ?? command.Name, services, clock.GetUtcNow())
        {
            Type = command.GuestIpType,
            ForVpc = command.ForVpc == true,
            InternalLb = services.Contains(NetworkServices.Lb) && LbScheme.ReadInternal(command.ServiceProviderList, command.ServiceCapabilityList, command.ForVpc == true),
            IsPersistent = command.IsPersistent == true,
            IsRedundant = RouterCapability.Read(command.ServiceCapabilityList, services),
            State = command.Enable == true ? AllocationState.Enabled : AllocationState.Disabled,
            ConserveMode = command.ConserveMode ?? true,
            EgressAllowed = command.EgressDefaultPolicy ?? true,
            Availability = command.Availability ?? NetworkAvailability.Optional,
            MostConnections = BalancerLimits.Read(command.MaxConnections, services.Contains(NetworkServices.Lb)),
            KeepsAlive = command.KeepAliveEnabled ?? true,
            RouterMade = command.ServiceOfferingId is { } size ? await routers.MadeOfAsync(size, ct) : null,
            RateMbit = Rates.Read(command.NetworkRate),
            ForgedTransmits = OfferingDetails.ReadForgedTransmits(command.Details.AsFields()),
        };
        if (offering is { ForVpc: true, IsRedundant: true })
            throw Refusal.Parameter($"Tiers are served by the routers of their VPC; give {RouterCapability.Name} to the VPC's offering (createVPCOffering).");
        if (offering is { ForgedTransmits: true } && offering.Has(NetworkServices.SecurityGroup))
            throw Refusal.Parameter($"Security groups know guests by their addresses; leave the detail {OfferingDetails.ForgedTransmits} out, or the service {NetworkServices.SecurityGroup}.");
        NetworkAvailabilities.RequireFits(offering);
        if (offering.Availability == NetworkAvailability.Required) commit.Add((into, token) => NetworkAvailabilities.RequireOnlyAsync(into, offering.Id, token));
        db.Add(offering);
        return new(offering.Id.Value);
    }

    private static void RequireFits(CreateNetworkOffering command)
    {
        var isShared = command.GuestIpType == GuestNetworkType.Shared;
        foreach (var (said, name) in ((bool?, string)[])[(command.SpecifyVlan, "specifyvlan"), (command.SpecifyIpRanges, "specifyipranges")])
        {
            if (said is { } value && value != isShared)
                throw Refusal.Parameter(isShared ? $"Creators of shared networks say where they are and which addresses they give; use {name}=true."
                    : $"The cloud chooses where {command.GuestIpType} networks are, and their guests have all of their range; leave {name} out, or use guestiptype=Shared.");
        }
        if (command.ServiceOfferingId is not null && (command.GuestIpType == GuestNetworkType.L2 || command.ForVpc == true))
            throw Refusal.Parameter(command.ForVpc == true ? "Tiers have the router of their VPC; give serviceofferingid to createVPCOffering." : "An L2 network has no router; leave serviceofferingid out.");
    }

    private static string[] Services(CreateNetworkOffering command)
    {
        if (command.ForVpc == true && command.GuestIpType != GuestNetworkType.Isolated)
            throw Refusal.Parameter("Tiers of a VPC are behind its router; use guestiptype=Isolated.");
        if (command.GuestIpType != GuestNetworkType.L2)
        {
            var services = NetworkServices.Named(command.SupportedServices, command.GuestIpType, command.ForVpc == true);
            return command.ForVpc != true || services.Contains(NetworkServices.Acl) ? services
                : throw Refusal.Parameter($"Tiers of a VPC need the service {NetworkServices.Acl}, which says what passes between them; add it to supportedservices.");
        }
        return command.SupportedServices is not { Count: > 0 } given ? []
            : throw Refusal.Parameter($"An L2 network has no router that could give {string.Join(", ", given)}; leave supportedservices out, or use Isolated.");
    }
}
