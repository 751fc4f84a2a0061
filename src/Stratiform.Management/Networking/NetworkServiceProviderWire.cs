using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A provider of a physical network's services, as clients see it.</summary>
[WireName("networkserviceprovider")]
public sealed record NetworkServiceProviderWire
{
    [Description("Its id")]
    public required Guid Id { get; init; }

    [Description("VirtualRouter: routers that are virtual machines; InternalLbVm: what these do for load balancers within tiers of VPCs")]
    public required string Name { get; init; }

    [Description("The physical network's id")]
    public required Guid PhysicalNetworkId { get; init; }

    [Description("Enabled when networks may be made that need it")]
    public required AllocationState State { get; init; }

    [Description("The services that it gives")]
    public required IReadOnlyList<string> ServiceList { get; init; }

    [Description("False: it gives all of them or none")]
    public bool CanEnableIndividualService { get; init; }
}

internal sealed class NetworkServiceProviderWireReader(CloudDb db) : IReadWire<NetworkServiceProviderWire>
{
    public async Task<IReadOnlyList<NetworkServiceProviderWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<NetworkServiceProvider>(id)).ToList();
        var rows = await db.Set<NetworkServiceProvider>().AsNoTracking().Where(p => keys.Contains(p.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, p => p.Id.Value).Select(p => new NetworkServiceProviderWire
        {
            Id = p.Id.Value,
            Name = p.Name,
            PhysicalNetworkId = p.PhysicalNetworkId.Value,
            State = p.State,
            ServiceList = p.Name == NetworkServiceProvider.InternalLb ? [NetworkServices.Lb] : NetworkServices.All,
        })];
    }
}

/// <summary>What a provider of routers does it by, as clients see it.</summary>
[WireName("virtualrouterelement")]
public sealed record VirtualRouterElementWire
{
    [Description("Its id")]
    public required Guid Id { get; init; }

    [Description("The provider's id")]
    public required Guid NspId { get; init; }

    [Description("Whether networks may be made that need it")]
    public required bool Enabled { get; init; }
}

internal sealed class VirtualRouterElementWireReader(CloudDb db) : IReadWire<VirtualRouterElementWire>
{
    public async Task<IReadOnlyList<VirtualRouterElementWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<VirtualRouterElement>(id)).ToList();
        var rows = await db.Set<VirtualRouterElement>().AsNoTracking().Where(e => keys.Contains(e.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, e => e.Id.Value).Select(e => new VirtualRouterElementWire
        {
            Id = e.Id.Value,
            NspId = e.ProviderId.Value,
            Enabled = e.Enabled,
        })];
    }
}

/// <summary>What the provider of load balancers within tiers does it by, as clients see it.</summary>
[WireName("internalloadbalancerelement")]
public sealed record InternalLoadBalancerElementWire
{
    [Description("Its id")]
    public required Guid Id { get; init; }

    [Description("The provider's id")]
    public required Guid NspId { get; init; }

    [Description("Whether load balancers may be created that need it")]
    public required bool Enabled { get; init; }
}

internal sealed class InternalLoadBalancerElementWireReader(CloudDb db) : IReadWire<InternalLoadBalancerElementWire>
{
    public async Task<IReadOnlyList<InternalLoadBalancerElementWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<VirtualRouterElement>(id)).ToList();
        var rows = await db.Set<VirtualRouterElement>().AsNoTracking().Where(e => keys.Contains(e.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, e => e.Id.Value).Select(e => new InternalLoadBalancerElementWire
        {
            Id = e.Id.Value,
            NspId = e.ProviderId.Value,
            Enabled = e.Enabled,
        })];
    }
}
