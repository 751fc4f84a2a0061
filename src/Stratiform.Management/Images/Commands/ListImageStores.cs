using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>The image stores of the cloud.</summary>
[Command("Lists image stores")]
internal sealed record ListImageStores : ListQuery<ImageStoreWire>
{
    [Description("Lists only this store")]
    public Id<ImageStore>? Id { get; init; }

    [Description("Lists only the store of this name")]
    public string? Name { get; init; }

    [Description("Lists only stores of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only stores of this kind")]
    public string? Provider { get; init; }

    [Description("Lists only stores that are reached in this way")]
    public string? Protocol { get; init; }

    [Description("True lists only stores to which nothing new is written, false only others")]
    public bool? ReadOnly { get; init; }
}

internal sealed class ListImageStoresHandler(CloudDb db, Lists<ImageStoreWire> lists) : IHandle<ListImageStores, Page<ImageStoreWire>>
{
    public Task<Page<ImageStoreWire>> HandleAsync(ListImageStores command, Caller caller, CancellationToken ct)
    {
        var stores = db.Set<ImageStore>().AsNoTracking();
        if (command.Id is { } id) stores = stores.Where(s => s.Id == id);
        if (command.Name is { } name) stores = stores.Where(s => s.Name == name);
        if (command.ZoneId is { } zone) stores = stores.Where(s => s.ZoneId == zone);
        if (command.Provider is { } provider) stores = OfKind(stores, provider);
        if (command.Protocol is { } protocol) stores = OfKind(stores, protocol);
        if (command.ReadOnly is { } readOnly) stores = stores.Where(s => s.IsReadOnly == readOnly);
        if (command.Keyword is { } keyword) stores = stores.Where(s => EF.Functions.ILike(s.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(stores.OrderBy(s => s.Id).Select(s => s.Id), command, caller, ct);
    }

    // Providers and protocols differ in case alone; a store with keys is a bucket.
    private static IQueryable<ImageStore> OfKind(IQueryable<ImageStore> stores, string kind) =>
        ImageStoreKind.IsNfs(kind) ? stores.Where(s => s.AccessKey == "")
        : ImageStoreKind.IsS3(kind) ? stores.Where(s => s.AccessKey != "")
        : stores.Where(_ => false);
}
