using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>The pods of the cloud.</summary>
[Command("Lists pods")]
internal sealed record ListPods : ListQuery<PodWire>
{
    [Description("Lists only this pod")]
    public Id<Pod>? Id { get; init; }

    [Description("Lists only the pod of this name")]
    public string? Name { get; init; }

    [Description("Lists only pods of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only pods in this state")]
    public AllocationState? AllocationState { get; init; }
}

internal sealed class ListPodsHandler(CloudDb db, Lists<PodWire> lists) : IHandle<ListPods, Page<PodWire>>
{
    public Task<Page<PodWire>> HandleAsync(ListPods command, Caller caller, CancellationToken ct)
    {
        var pods = db.Set<Pod>().AsNoTracking();
        if (command.Id is { } id) pods = pods.Where(p => p.Id == id);
        if (command.Name is { } name) pods = pods.Where(p => p.Name == name);
        if (command.ZoneId is { } zone) pods = pods.Where(p => p.ZoneId == zone);
        if (command.AllocationState is { } state) pods = pods.Where(p => p.AllocationState == state);
        if (command.Keyword is { } keyword) pods = pods.Where(p => EF.Functions.ILike(p.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(pods.OrderBy(p => p.Id).Select(p => p.Id), command, caller, ct);
    }
}
