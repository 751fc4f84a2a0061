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

    [Description("True makes it Enabled at once")]
    public bool? Enable { get; init; }
}

internal sealed class CreateVPCOfferingHandler(CloudDb db, WorkflowQueue queue, TimeProvider clock) : IHandle<CreateVPCOffering, JobTicket>
{
    public Task<JobTicket> HandleAsync(CreateVPCOffering command, Caller caller, CancellationToken ct)
    {
        NetworkServices.RequireProviders(command.ServiceProviderList, NetworkServices.VpcProvider);
        var services = NetworkServices.Named(command.SupportedServices, GuestNetworkType.Isolated, forVpc: true);
        var offering = new VpcOffering(command.Name, command.DisplayText ?? command.Name, services, clock.GetUtcNow())
        {
            State = command.Enable == true ? AllocationState.Enabled : AllocationState.Disabled,
        };
        db.Add(offering);
        return Task.FromResult<JobTicket>(new(queue.RecordDone(caller.Asks, nameof(VpcOffering), offering.Id.Value).Id, offering.Id.Value));
    }
}
