using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage;

/// <summary>A volume as clients see it. Its virtual machine is Compute's to tell.</summary>
[WireName("volume")]
public sealed record VolumeWire
{
    [Description("The volume's id")]
    public required Guid Id { get; init; }

    [Description("The volume's name")]
    public required string Name { get; init; }

    [Description("ROOT or DATADISK")]
    public required VolumeType Type { get; init; }

    [Description("Where it stands")]
    public required VolumeState State { get; init; }

    [Description("How its upload stands; the reason when that failed")]
    public string? Status { get; init; }

    [Description("Virtual size, bytes; 0 until it is known")]
    public required long Size { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("The virtual machine that it is attached to")]
    public Guid? VirtualMachineId { get; init; }

    [Description("Its place among the disks")]
    public int? DeviceId { get; init; }

    [Description("Since when it is attached")]
    public DateTimeOffset? Attached { get; init; }

    [Description("The template that it started from")]
    public Guid? TemplateId { get; init; }

    [Description("Its disk offering")]
    public Guid? DiskOfferingId { get; init; }

    [Description("The pool that it lies on")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? Storage { get; init; }

    [Description("That pool's id")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public Guid? StorageId { get; init; }

    [Description("shared or local")]
    public string StorageType { get; init; } = "shared";

    [Description("thin: it takes the room that is written")]
    public string ProvisioningType { get; init; } = "thin";

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }

    [Description("Names and values attached to it")]
    public IReadOnlyList<TagWire> Tags { get; init; } = [];
}

internal sealed class VolumeWireReader(CloudDb db) : IReadWire<VolumeWire>
{
    public async Task<IReadOnlyList<VolumeWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Volume>(id)).ToList();
        var rows = await (
            from volume in db.Set<Volume>().AsNoTracking()
            where keys.Contains(volume.Id)
            join zone in db.Set<Zone>().IgnoreQueryFilters() on volume.ZoneId equals zone.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on volume.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on volume.DomainId equals domain.Id
            join pool in db.Set<StoragePool>().IgnoreQueryFilters() on volume.PoolId equals pool.Id into pools
            from pool in pools.DefaultIfEmpty()
            select new { Volume = volume, Zone = zone.Name, Account = account.Name, Domain = domain.Name, Pool = pool.Name }).ToListAsync(ct);
        var tags = await db.TagsOfAsync(ids, ct);
        var uploads = await UploadsAsync(keys, ct);
        return [.. rows.InOrderOf(ids, r => r.Volume.Id.Value).Select(r => new VolumeWire
        {
            Id = r.Volume.Id.Value,
            Name = r.Volume.Name,
            Type = r.Volume.Type,
            State = r.Volume.State,
            Status = uploads.GetValueOrDefault(r.Volume.Id),
            Size = r.Volume.SizeBytes,
            ZoneId = r.Volume.ZoneId.Value,
            ZoneName = r.Zone,
            VirtualMachineId = r.Volume.VirtualMachineId,
            DeviceId = r.Volume.DeviceId,
            Attached = r.Volume.AttachedAt,
            TemplateId = r.Volume.TemplateId?.Value,
            DiskOfferingId = r.Volume.DiskOfferingId?.Value,
            Storage = r.Pool,
            StorageId = r.Volume.PoolId?.Value,
            Account = r.Account,
            DomainId = r.Volume.DomainId.Value,
            Domain = r.Domain,
            Created = r.Volume.CreatedAt,
            Tags = tags.Of(r.Volume.Id.Value),
        })];
    }

    // Of those that were uploaded, not of those that are there to be downloaded.
    private async Task<Dictionary<Id<Volume>, string>> UploadsAsync(List<Id<Volume>> volumes, CancellationToken ct)
    {
        var images = await db.Set<Template>().AsNoTracking()
            .Where(t => t.VolumeId != null && volumes.Contains(t.VolumeId.Value) && t.Url != Template.OfVolume)
            .Select(t => new { Image = t, Percent = db.Set<StoreImage>().Where(i => i.TemplateId == t.Id).Max(i => (int?)i.Percent) }).ToListAsync(ct);
        return images.ToDictionary(i => i.Image.VolumeId!.Value, i => i.Image.Status(i.Percent));
    }
}
