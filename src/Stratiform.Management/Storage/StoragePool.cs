using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage;

/// <summary>Primary storage: where running disks live.</summary>
public sealed class StoragePool : IRemovable
{
    private StoragePool() { }

    public StoragePool(string name, string path, Id<Zone> zone, Id<Cluster>? cluster, Id<Host>? host, DateTimeOffset now)
    {
        Id = Protocol.Id.New<StoragePool>();
        (Name, Path, ZoneId, ClusterId, HostId, CreatedAt) = (name, path, zone, cluster, host, now);
    }

    public Id<StoragePool> Id { get; private set; }
    public string Name { get; set; } = "";
    public Id<Zone> ZoneId { get; private set; }

    /// <summary>The cluster whose hosts share it; null for a host's own.</summary>
    public Id<Cluster>? ClusterId { get; private set; }

    /// <summary>The host whose own it is; null when shared.</summary>
    public Id<Host>? HostId { get; private set; }

    /// <summary>The directory on the hosts.</summary>
    public string Path { get; private set; } = "";

    public string[] Tags { get; set; } = [];
    public PoolState State { get; set; } = PoolState.Initialized;
    public long CapacityBytes { get; private set; }

    /// <summary>Bytes on the file system, as a host saw it last.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Virtual bytes promised to volumes; moves by one statement that also checks.</summary>
    public long PromisedBytes { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public void Measure(PoolReport space) => (CapacityBytes, UsedBytes) = (space.CapacityBytes, space.UsedBytes);

    /// <summary>Lets disks be placed on it, or no more.</summary>
    public void Enable(bool enabled)
    {
        if (State is not (PoolState.Up or PoolState.Disabled))
            throw Refusal.Parameter($"The storage pool {Name} is {State}; only one that is Up or Disabled can be enabled or disabled.");
        State = enabled ? PoolState.Up : PoolState.Disabled;
    }

    public void Remove(DateTimeOffset now) => (State, RemovedAt) = (PoolState.Removed, now);

    internal sealed class Mapping : IEntityTypeConfiguration<StoragePool>
    {
        public void Configure(EntityTypeBuilder<StoragePool> entity)
        {
            entity.HasIndex(p => p.ZoneId);
            entity.HasIndex(p => p.ClusterId);
            entity.HasIndex(p => p.HostId);
            entity.HasOne<Zone>().WithMany().HasForeignKey(p => p.ZoneId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Whether a pool can be used, in the API's words.</summary>
public enum PoolState
{
    Initialized,
    Up,
    /// <summary>Its disks are in use, and no more are placed on it.</summary>
    Disabled,
    /// <summary>It is being taken away.</summary>
    Maintenance,
    Removed,
}

/// <summary>A volume's share of a pool, keyed by the volume: taking it twice takes it once.</summary>
public sealed class PoolReservation
{
    public required Id<Volume> VolumeId { get; init; }
    public required Id<StoragePool> PoolId { get; init; }
    public required long SizeBytes { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<PoolReservation>
    {
        public void Configure(EntityTypeBuilder<PoolReservation> entity)
        {
            entity.HasKey(r => r.VolumeId);
            entity.HasIndex(r => r.PoolId);
            entity.HasOne<StoragePool>().WithMany().HasForeignKey(r => r.PoolId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
