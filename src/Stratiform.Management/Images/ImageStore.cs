using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>Secondary storage: where a zone's images rest, whatever becomes of where they came from.</summary>
public sealed class ImageStore : IRemovable
{
    private ImageStore() { }

    public ImageStore(string name, string url, Id<Zone> zone, DateTimeOffset now)
    {
        Id = Protocol.Id.New<ImageStore>();
        (Name, Url, ZoneId, CreatedAt) = (name, url, zone, now);
    }

    public Id<ImageStore> Id { get; private set; }
    public string Name { get; set; } = "";

    /// <summary>Where workers find it: <c>nfs://server/path</c> or <c>https://server/bucket</c>.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Who asks a store in object storage; empty for shares.</summary>
    public string AccessKey { get; private set; } = "";

    /// <summary>It lies in object storage, where nothing can be unpacked or converted.</summary>
    internal bool IsBucket => AccessKey.Length > 0;

    /// <summary>The proof of it, wrapped.</summary>
    public byte[]? WrappedSecretKey { get; private set; }

    /// <summary>A store in object storage is asked with these keys.</summary>
    public void UseKeys(string accessKey, string secretKey, Secrets secrets) => (AccessKey, WrappedSecretKey) = (accessKey, secrets.Wrap(secretKey));

    public Id<Zone> ZoneId { get; private set; }

    /// <summary>Nothing new is written to it; what it has is read.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Size of its file system, as a worker saw it last; 0 until one did, and for object storage, which has none.</summary>
    public long CapacityBytes { get; private set; }

    public long UsedBytes { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>As workers are told of it.</summary>
    public StoreAddress AddressOf(Secrets secrets) => new()
    {
        StoreId = Id.Value,
        Url = Url,
        AccessKey = AccessKey,
        SecretKey = WrappedSecretKey is null ? "" : secrets.UnwrapText(WrappedSecretKey),
    };

    public Subject Subject => new(SubjectKinds.Store, Id.Value);

    public void Measure(PoolReport space) => (CapacityBytes, UsedBytes) = (space.CapacityBytes, space.UsedBytes);

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    /// <summary>Whoever begins to write and whoever closes it change the same row: the later one sees what the earlier one did.</summary>
    /// <exception cref="CloudException">It takes nothing new.</exception>
    internal static async Task RequireOpenAsync(DbContext commit, Id<ImageStore> store, CancellationToken ct)
    {
        var open = await commit.Set<ImageStore>().Where(s => s.Id == store && !s.IsReadOnly)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.IsReadOnly, false), ct);
        if (open == 0) throw Refusal.Parameter("The image store has just been deleted or made read-only; try again.");
    }

    /// <summary>Takes nothing new from now on.</summary>
    internal static Task CloseAsync(DbContext commit, Id<ImageStore> store, CancellationToken ct) =>
        commit.Set<ImageStore>().Where(s => s.Id == store).ExecuteUpdateAsync(set => set.SetProperty(s => s.IsReadOnly, true), ct);

    internal sealed class Mapping : IEntityTypeConfiguration<ImageStore>
    {
        public void Configure(EntityTypeBuilder<ImageStore> entity)
        {
            entity.HasIndex(s => s.ZoneId);
            entity.HasOne<Zone>().WithMany().HasForeignKey(s => s.ZoneId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
