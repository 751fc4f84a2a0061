using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Adds a kind of VPC.</summary>
[Command("Creates a VPC offering")]
internal sealed record CreateVPCOffering : IAsyncCommand<VpcOfferingWire>
{
    [Description("The offering's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    public string? DisplayText { get; init; }

    [Description("Services that tiers may have, comma separated: Dhcp, Dns, Lb, NetworkACL, PortForwarding, SourceNat, StaticNat, UserData; all unless said")]
    public IReadOnlyList<string>? SupportedServices { get; init; }

    [Description("Who gives each service; VpcVirtualRouter is the one there is, beside InternalLbVm of Lb")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? ServiceProviderList { get; init; }

    [Description("What its VPCs are able to: RedundantRouter=true of SourceNat gives each two routers on two hosts, which take turns by themselves; DistributedRouter and RegionLevelVpc are false")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? ServiceCapabilityList { get; init; }

    [Description("What routers of its VPCs are made of: a service offering of system VMs of the type domainrouter")]
    public Guid? ServiceOfferingId { get; init; }

    [Description("False lets a public address lead into one tier alone; true unless said")]
    public bool? ConserveMode { get; init; }

    [Description("ipv4 is the one there is")]
    public string? InternetProtocol { get; init; }

    [Description("True makes it Enabled at once")]
    public bool? Enable { get; init; }
}

internal sealed class CreateVPCOfferingHandler(CloudDb db, IRouterOfferings routers, WorkflowQueue queue, TimeProvider clock) : IHandle<CreateVPCOffering, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateVPCOffering command, Caller caller, CancellationToken ct)
    {
        NetworkServices.RequireProviders(command.ServiceProviderList, NetworkServices.VpcProvider);
        IpFamily.Require(command.InternetProtocol);
        RequireNothingMore(command.ServiceCapabilityList);
        var services = NetworkServices.Named(command.SupportedServices, GuestNetworkType.Isolated, forVpc: true);
        var offering = new VpcOffering(command.Name, command.DisplayText ?? command.Name, services, clock.GetUtcNow())
        {
            IsRedundant = RouterCapability.Read(command.ServiceCapabilityList, services),
            State = command.Enable == true ? AllocationState.Enabled : AllocationState.Disabled,
            ConserveMode = command.ConserveMode ?? true,
            RouterMade = command.ServiceOfferingId is { } size ? await routers.MadeOfAsync(size, ct) : null,
        };
        db.Add(offering);
        return new(queue.RecordDone(caller.Asks, nameof(VpcOffering), offering.Id.Value).Id, offering.Id.Value);
    }

    // What is false of all VPCs may be said.
    private static void RequireNothingMore(IReadOnlyList<IReadOnlyDictionary<string, string>>? capabilities)
    {
        foreach (var capability in (capabilities ?? []).Where(c => !RouterCapability.Is(c)))
        {
            if (capability.GetValueOrDefault("capabilityvalue")?.Trim().Equals("false", StringComparison.OrdinalIgnoreCase) != true)
                throw Refusal.Parameter($"VPCs here are routed by routers, in one zone: {capability.GetValueOrDefault("capabilitytype") ?? "a capability"} can only be false; leave it out.");
        }
    }
}
