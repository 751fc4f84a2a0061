using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Switches an element on or off. Networks that have their routers keep them.</summary>
[Command("Enables or disables the element of a provider of virtual routers")]
internal sealed record ConfigureVirtualRouterElement : IAsyncCommand<VirtualRouterElementWire>
{
    [Description("The element")]
    public required Id<VirtualRouterElement> Id { get; init; }

    [Description("False: no network is created on its physical network, and none is given a router")]
    public required bool Enabled { get; init; }
}

internal sealed class ConfigureVirtualRouterElementHandler(CloudDb db, WorkflowQueue queue) : IHandle<ConfigureVirtualRouterElement, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ConfigureVirtualRouterElement command, Caller caller, CancellationToken ct)
    {
        var element = await db.FindElementAsync(caller, NetworkServiceProvider.VirtualRouter, command.Id, ct);
        element.Enabled = command.Enabled;
        return new(queue.RecordDone(caller.Asks, nameof(VirtualRouterElement), element.Id.Value).Id);
    }
}
