using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>Signs links to images of a zone, which its workers then serve without asking.</summary>
public sealed class StoreLinks(CloudDb db, Secrets secrets, TimeProvider clock)
{
    // Long enough for the slowest copy; what is asked for again gets a new one.
    private static readonly TimeSpan Validity = TimeSpan.FromHours(12);

    /// <summary>The URL under which the worker serves the image.</summary>
    public async Task<Uri> ToAsync(StoreImage image, Id<Zone> zone, WorkerSeat from, CancellationToken ct)
    {
        var link = new StoreLink(image.StoreId.Value, image.ObjectId, "image", clock.GetUtcNow() + Validity);
        return new Uri($"http://{from.Address}{link.Sign(await KeyAsync(zone, ct))}");
    }

    /// <summary>The URL under which a worker of another zone gets the image.</summary>
    public Task<Uri> ToOtherZoneAsync(StoreImage image, Id<Zone> zone, WorkerSeat from, CancellationToken ct) =>
        ToPublicAsync(image, zone, from, "image", Validity, ct);

    /// <summary>The URL under which everybody may download the image for so long, as a file of that name.</summary>
    public async Task<Uri> ToPublicAsync(StoreImage image, Id<Zone> zone, WorkerSeat from, string name, TimeSpan validity, CancellationToken ct)
    {
        var link = new StoreLink(image.StoreId.Value, image.ObjectId, SafeName(name), clock.GetUtcNow() + validity);
        return new Uri($"http://{from.PublicAddress}{link.Sign(await KeyAsync(zone, ct))}");
    }

    /// <summary>Where the image lies in the store, for a host that reads it there itself; of a bucket, with what lets it, which is a secret.</summary>
    public Uri Direct(StoreImage image, ImageStore store)
    {
        var address = store.AddressOf(secrets);
        return store.IsBucket
            ? ObjectLink.Sign(address, KeyOf(image), clock.GetUtcNow(), Validity)
            : new Uri($"{store.Url}/{KeyOf(image)}");
    }

    /// <summary>The key of the zone's links.</summary>
    public async Task<byte[]> KeyAsync(Id<Zone> zone, CancellationToken ct) =>
        secrets.Unwrap((await db.Set<StoreLinkKey>().AsNoTracking().SingleAsync(k => k.ZoneId == zone, ct)).Wrapped);

    private static string KeyOf(StoreImage image) => $"images/{image.ObjectId}";

    /// <summary>The name with what no link has in it made dashes.</summary>
    internal static string SafeName(string name)
    {
        var plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')).Trim('.', '-');
        return plain.Length == 0 ? "image" : plain;
    }

    /// <summary>The zone has a key from now on.</summary>
    public async Task EnsureKeyAsync(Id<Zone> zone, CancellationToken ct)
    {
        if (!await db.Set<StoreLinkKey>().AnyAsync(k => k.ZoneId == zone, ct))
            db.Add(new StoreLinkKey { ZoneId = zone, Wrapped = secrets.Wrap(RandomNumberGenerator.GetBytes(32)) });
    }
}

/// <summary>The key that signs a zone's links, wrapped.</summary>
public sealed class StoreLinkKey
{
    public required Id<Zone> ZoneId { get; init; }
    public required byte[] Wrapped { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<StoreLinkKey>
    {
        public void Configure(EntityTypeBuilder<StoreLinkKey> entity)
        {
            entity.HasKey(k => k.ZoneId);
            entity.HasOne<Zone>().WithMany().HasForeignKey(k => k.ZoneId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
