using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Images;

/// <summary>Chooses the image store for what is sent to a zone's workers.</summary>
internal static class UploadStores
{
    /// <summary>The one with the most room; nothing could be done to an image in a bucket, and what is sent may need it.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">The zone has none that takes uploads.</exception>
    public static async Task<ImageStore> RequireUploadStoreAsync(this CloudDb db, Zone zone, CancellationToken ct) =>
        await db.Set<ImageStore>().Where(s => s.ZoneId == zone.Id && !s.IsReadOnly && s.AccessKey == "")
            .OrderByDescending(s => s.CapacityBytes - s.UsedBytes).ThenBy(s => s.Id).FirstOrDefaultAsync(ct)
        ?? throw Refusal.Parameter($"The zone {zone.Name} has no image store that takes uploads; add an NFS share (addImageStore).");
}
