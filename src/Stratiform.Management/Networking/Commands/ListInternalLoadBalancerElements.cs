using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>What providers of load balancers within tiers do it by.</summary>
[Command("Lists the elements of providers of internal load balancers")]
internal sealed record ListInternalLoadBalancerElements : ListQuery<InternalLoadBalancerElementWire>
{
    [Description("Lists only this element")]
    public Id<VirtualRouterElement>? Id { get; init; }

    [Description("Lists only the element of this provider")]
    public Id<NetworkServiceProvider>? NspId { get; init; }

    [Description("Lists only those that are enabled, or are not")]
    public bool? Enabled { get; init; }
}

internal sealed class ListInternalLoadBalancerElementsHandler(CloudDb db, Lists<InternalLoadBalancerElementWire> lists)
    : IHandle<ListInternalLoadBalancerElements, Page<InternalLoadBalancerElementWire>>
{
    public Task<Page<InternalLoadBalancerElementWire>> HandleAsync(ListInternalLoadBalancerElements command, Caller caller, CancellationToken ct)
    {
        var elements = db.ElementsOf(NetworkServiceProvider.InternalLb).AsNoTracking();
        if (command.Id is { } id) elements = elements.Where(e => e.Id == id);
        if (command.NspId is { } provides) elements = elements.Where(e => e.ProviderId == provides);
        if (command.Enabled is { } enabled) elements = elements.Where(e => e.Enabled == enabled);
        return lists.PageAsync(elements.OrderBy(e => e.Id).Select(e => e.Id), command, caller, ct);
    }
}
