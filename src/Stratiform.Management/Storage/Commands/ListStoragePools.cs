using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage.Commands;

/// <summary>The primary storage pools of the cloud.</summary>
[Command("Lists primary storage pools")]
internal sealed record ListStoragePools : ListQuery<StoragePoolWire>
{
    [Description("Lists only this pool")]
    public Id<StoragePool>? Id { get; init; }

    [Description("Lists only the pool of this name")]
    public string? Name { get; init; }

    [Description("Lists only pools of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only pools of this cluster")]
    public Id<Cluster>? ClusterId { get; init; }

    [Description("Lists only pools in this directory")]
    public string? Path { get; init; }

    [Description("Lists only pools in this state")]
    public PoolState? State { get; init; }
}

internal sealed class ListStoragePoolsHandler(CloudDb db, Lists<StoragePoolWire> lists) : IHandle<ListStoragePools, Page<StoragePoolWire>>
{
    public Task<Page<StoragePoolWire>> HandleAsync(ListStoragePools command, Caller caller, CancellationToken ct)
    {
        var pools = db.Set<StoragePool>().AsNoTracking();
        if (command.Id is { } id) pools = pools.Where(p => p.Id == id);
        if (command.Name is { } name) pools = pools.Where(p => p.Name == name);
        if (command.ZoneId is { } zone) pools = pools.Where(p => p.ZoneId == zone);
        if (command.ClusterId is { } cluster) pools = pools.Where(p => p.ClusterId == cluster);
        if (command.Path is { } path) pools = pools.Where(p => p.Path == path);
        if (command.State is { } state) pools = pools.Where(p => p.State == state);
        if (command.Keyword is { } keyword) pools = pools.Where(p => EF.Functions.ILike(p.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(pools.OrderBy(p => p.Id).Select(p => p.Id), command, caller, ct);
    }
}
