using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>
/// Which copy in a store a transfer reads. It stays with the one that it began with, and that one stays where it is until nobody
/// reads it any more: moving an image takes it from under nobody.
/// </summary>
public sealed class StoreSources(CloudDb db)
{
    /// <summary>The copy that the transfer reads; null when there is none, or it was only chosen now and is read from the next step on.</summary>
    /// <param name="session">The transfer.</param>
    /// <param name="template">Whose copy.</param>
    /// <param name="except">A store from which it is not read.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<StoreImage?> ReadAsync(Guid session, Id<Template> template, Id<ImageStore>? except, CancellationToken ct)
    {
        if (await db.Set<TransferSession>().SingleOrDefaultAsync(s => s.Id == session, ct) is not { } row) return null;
        if (row.ReadsId is { } begun && await db.Set<StoreImage>().SingleOrDefaultAsync(i => i.Id == begun, ct) is { } same) return same;
        row.Reads((await FindAsync(template, except, ct))?.Id);
        return null;
    }

    /// <summary>A copy that can be read.</summary>
    public Task<StoreImage?> FindAsync(Id<Template> template, Id<ImageStore>? except, CancellationToken ct) =>
        db.Set<StoreImage>().Where(i => i.TemplateId == template && i.Ready && i.StoreId != except).OrderBy(i => i.Id).FirstOrDefaultAsync(ct);

    /// <summary>Whether the transfer has, or finds, one to read.</summary>
    public Task<bool> AnyAsync(Guid session, Id<Template> template, Id<ImageStore>? except, CancellationToken ct) =>
        db.Set<StoreImage>().AnyAsync(
            i => i.TemplateId == template && i.StoreId != except && (i.Ready || db.Set<TransferSession>().Any(s => s.Id == session && s.ReadsId == i.Id)), ct);

    /// <summary>What was read is no good, or its worker is not: the transfer may choose anew.</summary>
    public async Task ChooseAnewAsync(Guid session, CancellationToken ct)
    {
        if (await db.Set<TransferSession>().SingleOrDefaultAsync(s => s.Id == session, ct) is { } row) row.Reads(null);
    }

    /// <summary>Whether any of these is read now.</summary>
    public Task<bool> AreReadAsync(IReadOnlyCollection<Id<StoreImage>> images, CancellationToken ct)
    {
        var ids = images.Cast<Id<StoreImage>?>().ToList();
        return db.Set<TransferSession>().AnyAsync(s => ids.Contains(s.ReadsId), ct);
    }
}
