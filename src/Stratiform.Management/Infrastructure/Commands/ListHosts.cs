using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>The hosts of the cloud.</summary>
[Command("Lists hosts")]
internal sealed record ListHosts : ListQuery<HostWire>
{
    [Description("Lists only this host")]
    public Id<Host>? Id { get; init; }

    [Description("Lists only the host of this name")]
    public string? Name { get; init; }

    [Description("Lists only hosts of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only hosts of this pod")]
    public Id<Pod>? PodId { get; init; }

    [Description("Lists only hosts of this cluster")]
    public Id<Cluster>? ClusterId { get; init; }

    [Description("Lists only hosts in this state: Connecting, Up, Disconnected")]
    public HostState? State { get; init; }

    [Description("Enabled or Disabled")]
    public AllocationState? ResourceState { get; init; }

    [Description("Routing lists hosts that run guests; there are no others")]
    public string? Type { get; init; }

    [Description("Lists only hosts of this hypervisor")]
    public Hypervisor? Hypervisor { get; init; }
}

internal sealed class ListHostsHandler(CloudDb db, Lists<HostWire> lists) : IHandle<ListHosts, Page<HostWire>>
{
    public Task<Page<HostWire>> HandleAsync(ListHosts command, Caller caller, CancellationToken ct)
    {
        var hosts = db.Set<Host>().AsNoTracking();
        if (command.Id is { } id) hosts = hosts.Where(h => h.Id == id);
        if (command.Name is { } name) hosts = hosts.Where(h => h.Name == name);
        if (command.ZoneId is { } zone) hosts = hosts.Where(h => h.ZoneId == zone);
        if (command.PodId is { } pod) hosts = hosts.Where(h => h.PodId == pod);
        if (command.ClusterId is { } cluster) hosts = hosts.Where(h => h.ClusterId == cluster);
        if (command.ResourceState is { } resource) hosts = hosts.Where(h => h.AllocationState == resource);
        if (command.Type is { } type && !type.Equals("Routing", StringComparison.OrdinalIgnoreCase)) hosts = hosts.Where(_ => false);
        if (command.Hypervisor is { } hypervisor)
            hosts = hosts.Where(h => db.Set<Cluster>().Any(c => c.Id == h.ClusterId && c.Hypervisor == hypervisor));
        if (command.State is { } state) hosts = hosts.Where(h => db.Set<HostSight>().Any(s => s.HostId == h.Id && s.State == state));
        if (command.Keyword is { } keyword) hosts = hosts.Where(h => EF.Functions.ILike(h.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(hosts.OrderBy(h => h.Id).Select(h => h.Id), command, caller, ct);
    }
}
