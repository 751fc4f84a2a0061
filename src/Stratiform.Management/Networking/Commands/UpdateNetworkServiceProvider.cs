using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Switches a provider on or off. Networks that have their routers keep them, and so do those with load balancers.</summary>
[Command("Enables or disables a provider of network services")]
internal sealed record UpdateNetworkServiceProvider : IAsyncCommand<NetworkServiceProviderWire>
{
    [Description("The provider")]
    public required Id<NetworkServiceProvider> Id { get; init; }

    [Description("Disabled: nothing is created on its physical network that needs it: no network, or no internal load balancer; and no network is given a router")]
    public AllocationState? State { get; init; }
}

internal sealed class UpdateNetworkServiceProviderHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdateNetworkServiceProvider, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateNetworkServiceProvider command, Caller caller, CancellationToken ct)
    {
        var provider = await db.FindAsync(caller, command.Id, ct);
        provider.State = command.State ?? provider.State;
        return new(queue.RecordDone(caller.Asks, nameof(NetworkServiceProvider), provider.Id.Value).Id);
    }
}
