using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Who gives networks their services.</summary>
[Command("Lists the providers of network services")]
internal sealed record ListNetworkServiceProviders : ListQuery<NetworkServiceProviderWire>
{
    [Description("Lists only those of this physical network")]
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; init; }

    [Description("Lists only those of this name")]
    public string? Name { get; init; }

    [Description("Lists only those in this state")]
    public AllocationState? State { get; init; }
}

internal sealed class ListNetworkServiceProvidersHandler(CloudDb db, Lists<NetworkServiceProviderWire> lists)
    : IHandle<ListNetworkServiceProviders, Page<NetworkServiceProviderWire>>
{
    public Task<Page<NetworkServiceProviderWire>> HandleAsync(ListNetworkServiceProviders command, Caller caller, CancellationToken ct)
    {
        var providers = db.Set<NetworkServiceProvider>().AsNoTracking()
            .Where(p => db.Set<PhysicalNetwork>().Any(n => n.Id == p.PhysicalNetworkId));
        if (command.PhysicalNetworkId is { } wires) providers = providers.Where(p => p.PhysicalNetworkId == wires);
        if (command.Name is { } name) providers = providers.Where(p => p.Name == name);
        if (command.State is { } state) providers = providers.Where(p => p.State == state);
        if (command.Keyword is { } keyword) providers = providers.Where(p => EF.Functions.ILike(p.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(providers.OrderBy(p => p.Id).Select(p => p.Id), command, caller, ct);
    }
}
