using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>The clusters of the cloud.</summary>
[Command("Lists clusters")]
internal sealed record ListClusters : ListQuery<ClusterWire>
{
    [Description("Lists only this cluster")]
    public Id<Cluster>? Id { get; init; }

    [Description("Lists only the cluster of this name")]
    public string? Name { get; init; }

    [Description("Lists only clusters of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only clusters of this pod")]
    public Id<Pod>? PodId { get; init; }

    [Description("Lists only clusters of this hypervisor")]
    public Hypervisor? Hypervisor { get; init; }

    [Description("Lists only clusters in this state")]
    public AllocationState? AllocationState { get; init; }
}

internal sealed class ListClustersHandler(CloudDb db, Lists<ClusterWire> lists) : IHandle<ListClusters, Page<ClusterWire>>
{
    public Task<Page<ClusterWire>> HandleAsync(ListClusters command, Caller caller, CancellationToken ct)
    {
        var clusters = db.Set<Cluster>().AsNoTracking();
        if (command.Id is { } id) clusters = clusters.Where(c => c.Id == id);
        if (command.Name is { } name) clusters = clusters.Where(c => c.Name == name);
        if (command.ZoneId is { } zone) clusters = clusters.Where(c => c.ZoneId == zone);
        if (command.PodId is { } pod) clusters = clusters.Where(c => c.PodId == pod);
        if (command.Hypervisor is { } hypervisor) clusters = clusters.Where(c => c.Hypervisor == hypervisor);
        if (command.AllocationState is { } state) clusters = clusters.Where(c => c.AllocationState == state);
        if (command.Keyword is { } keyword) clusters = clusters.Where(c => EF.Functions.ILike(c.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(clusters.OrderBy(c => c.Id).Select(c => c.Id), command, caller, ct);
    }
}
