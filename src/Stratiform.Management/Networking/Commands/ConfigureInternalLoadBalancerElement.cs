using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Switches an element on or off. Load balancers that are there stay.</summary>
[Command("Enables or disables the element of a provider of internal load balancers")]
internal sealed record ConfigureInternalLoadBalancerElement : IAsyncCommand<InternalLoadBalancerElementWire>
{
    [Description("The element")]
    public required Id<VirtualRouterElement> Id { get; init; }

    [Description("False: no internal load balancer is created on its physical network")]
    public required bool Enabled { get; init; }
}

internal sealed class ConfigureInternalLoadBalancerElementHandler(CloudDb db, WorkflowQueue queue) : IHandle<ConfigureInternalLoadBalancerElement, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ConfigureInternalLoadBalancerElement command, Caller caller, CancellationToken ct)
    {
        var element = await db.FindElementAsync(caller, NetworkServiceProvider.InternalLb, command.Id, ct);
        element.Enabled = command.Enabled;
        return new(queue.RecordDone(caller.Asks, nameof(VirtualRouterElement), element.Id.Value).Id);
    }
}
